package terraform

import "testing"

func TestNamesAreTranslatedBothWays(t *testing.T) {
	for snakeName, camelName := range map[string]string{"vpc_id": "vpcId", "enable_dns64": "enableDns64", "name": "name"} {
		if got := camel(snakeName); got != camelName {
			t.Errorf("%s becomes %s, want %s", snakeName, got, camelName)
		}
		if got := snake(camelName); got != snakeName {
			t.Errorf("%s becomes %s, want %s", camelName, got, snakeName)
		}
	}
}
