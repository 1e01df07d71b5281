package contract

import (
	"fmt"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// read reads an output of another stack. There is none where the stack does not
// exist or has never come up; role is what the stack is in errors.
func read(ctx *pulumi.Context, role, stack, output string) (value any, there bool, err error) {
	failed := func(err error) (any, bool, error) {
		return nil, false, fmt.Errorf("reading the outputs of %s stack %q: %w", role, stack, err)
	}
	// A stack reference to a stack that does not exist fails the whole program, so
	// ask first; the answer is the engine's own, and no provider is needed for it.
	var outputs struct {
		Outputs map[string]any `pulumi:"outputs"`
	}
	err = ctx.Invoke("pulumi:pulumi:readStackOutputs", &struct {
		Name string `pulumi:"name"`
	}{stack}, &outputs)
	if err != nil && !strings.Contains(err.Error(), "unknown stack") {
		return failed(err)
	}
	if err != nil || outputs.Outputs[output] == nil {
		return nil, false, nil
	}
	reference, err := pulumi.NewStackReference(ctx, stack, nil)
	if err != nil {
		return nil, false, err
	}
	details, err := reference.GetOutputDetails(output)
	if err != nil {
		return failed(err)
	}
	if details.SecretValue != nil {
		return nil, false, fmt.Errorf("contract of %s stack %q: must hold no secret; bring it up with the same program", role, stack)
	}
	return details.Value, true, nil
}
