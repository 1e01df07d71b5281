// Package session drives the real Pulumi engine against the sandbox's clouds.
//
// A [Session] owns one directory. It checks the machine's tools, finds or
// builds the Pulumi CLI, installs the pulumi-eks component, builds the program
// and the policy packs, serves the simulated clouds, and runs the CLI with all
// of that behind it. Each step is skipped when nothing is to be done, and says
// what it does when it takes time.
//
// Nothing outside the directory is written: the program's source tree stays as
// it is. Pulumi keeps a stack's encryption salt in the stack file, so the CLI
// works on a copy of Pulumi.yaml and of the stack files; see mirror.go.
//
// # Layout of the directory
//
//	lock          held while a session is open; names its process
//	project/      the copies of Pulumi.yaml and Pulumi.*.yaml
//	state/        Pulumi's state, one file per stack
//	clouds.db     the simulated clouds
//	pulumi-home/  Pulumi's own files, and the plugins that the engine may start
//	cli/          the Pulumi CLI, where none is installed
//	eks/          the pulumi-eks component with its Node.js packages
//	bin/          the program and the policy packs
//
// The last three can be shared by several directories: see [Options].
package session
