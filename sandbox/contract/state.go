package contract

import (
	"bytes"
	"encoding/json"
	"os"
	"slices"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/sig"
)

// resource is what the check needs of a resource in a state.
type resource struct {
	URN      string         `json:"urn"`
	Type     string         `json:"type"`
	ID       string         `json:"id"`
	Custom   bool           `json:"custom"`
	External bool           `json:"external"`
	Delete   bool           `json:"delete"`
	Provider string         `json:"provider"`
	Inputs   map[string]any `json:"inputs"`
}

func (r *resource) name() string { return r.URN[strings.LastIndex(r.URN, "::")+2:] }

func parseState(export []byte) ([]resource, error) {
	d := json.NewDecoder(bytes.NewReader(export))
	d.UseNumber() // a number stays what it is
	var s struct {
		Deployment struct {
			Resources []resource `json:"resources"`
		} `json:"deployment"`
	}
	err := d.Decode(&s)
	return s.Deployment.Resources, err
}

func writeJSON(path string, v any) error {
	text, err := json.MarshalIndent(v, "", "  ")
	if err != nil {
		return err
	}
	return os.WriteFile(path, append(text, '\n'), 0o644)
}

// unknowns are what the engine writes in the place of unknown values.
var unknowns = []string{
	sig.UnknownBoolValue, sig.UnknownNumberValue, sig.UnknownStringValue, sig.UnknownArrayValue,
	sig.UnknownAssetValue, sig.UnknownArchiveValue, sig.UnknownObjectValue,
}

// withheld says why a value cannot be shown to the provider: it is secret,
// unknown, or the content of a file. It is empty for a plain value.
func withheld(v any) string {
	switch v := v.(type) {
	case string:
		if slices.Contains(unknowns, v) {
			return "unknown"
		}
	case map[string]any:
		switch v[sig.Key] {
		case nil:
		case sig.Secret:
			return "secret"
		case sig.AssetSig, sig.ArchiveSig:
			return "file"
		default: // such as an output that is not known
			return "unknown"
		}
	}
	return ""
}
