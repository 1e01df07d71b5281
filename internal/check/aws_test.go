package check_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tandem-platform/tandem/internal/check"
)

func TestFormOfARegion(t *testing.T) {
	for name, want := range map[string]bool{
		"us-east-1": true, "ap-southeast-2": true, "us-gov-west-1": true,
		"": false, "us-east": false, "us-east-1a": false, "US-EAST-1": false, "east-1": false,
	} {
		require.Equal(t, want, check.IsRegion(name), name)
	}
}

func TestFormOfAnAccountNumber(t *testing.T) {
	for id, want := range map[string]bool{"123456789012": true, "": false, "12345678901": false, "1234567890123": false, "12345678901x": false} {
		require.Equal(t, want, check.IsAccountID(id), id)
	}
}
