package main

import (
	"strconv"

	"github.com/spf13/cobra"

	"github.com/tandem-platform/tandem/sandbox/cloud"
)

const faultHelp = `Flags make the clouds fail while a command runs, in up, preview, destroy, exec
and all others. --fail, --crash-before and --crash-after count the creates,
updates and deletes that arrive at the clouds while this command runs, over all
its stacks, from 1. What the random provider draws is not counted: no cloud makes
it. The engine works in parallel, so the same number may mean another operation
the next time; with --fail-type, only operations on that type are counted, and
without a number, all of them fail.
A crash is the loss of the provider's connection before or after the cloud has
committed the operation; recover tells what was left, and mends it.`

// faultFlags gives a command and all below it the flags that fill in a plan of
// faults.
func faultFlags(cmd *cobra.Command, plan *cloud.Plan) {
	flags := cmd.PersistentFlags()
	flags.IntVar(&plan.Fail, "fail", 0, "fail the `N`-th operation, with an internal error of its service")
	flags.StringVar(&plan.Type, "fail-type", "", "count only operations on this resource `type`, such as aws:ec2/vpc:Vpc; without a number, fail all of them")
	flags.IntVar(&plan.CrashBefore, "crash-before", 0, "crash the provider before the cloud has committed the `N`-th operation")
	flags.IntVar(&plan.CrashAfter, "crash-after", 0, "crash the provider after the cloud has committed the `N`-th operation")
	flags.DurationVar(&plan.Latency, "latency", 0, "let every call take this `duration` longer, such as 200ms")
	flags.StringSliceVar(&plan.LoseRegions, "lose-region", nil, "an AWS `region` that does not answer; us-east-1 takes IAM, Route 53 and CloudFront with it (repeatable)")
	throttle := flags.VarPF(throttleFlag{plan}, "throttle", "", "admit so many calls a `second` to each AWS service in each region; the provider repeats what is throttled, up to 25 times")
	throttle.NoOptDefVal = "1"
}

// throttleFlag is the rate of a plan as a flag's value.
type throttleFlag struct{ plan *cloud.Plan }

func (f throttleFlag) Type() string { return "float" }

func (f throttleFlag) String() string {
	if f.plan == nil || !f.plan.Throttle {
		return ""
	}
	return strconv.FormatFloat(f.plan.PerSecond, 'g', -1, 64)
}

func (f throttleFlag) Set(text string) (err error) {
	f.plan.Throttle = true
	f.plan.PerSecond, err = strconv.ParseFloat(text, 64)
	return err
}
