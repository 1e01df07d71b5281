module example.com/program

go 1.24

require (
	github.com/pulumi/pulumi-toy/sdk/v2 v2.3.4
	github.com/pulumi/pulumi/sdk/v3 v3.1.0
)

replace (
	github.com/pulumi/pulumi-toy/sdk/v2 => ../toy
	github.com/pulumi/pulumi/sdk/v3 => ../pulumi
)
