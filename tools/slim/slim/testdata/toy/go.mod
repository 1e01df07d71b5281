module github.com/pulumi/pulumi-toy/sdk/v2

go 1.24

require github.com/pulumi/pulumi/sdk/v3 v3.1.0
