package main

import (
	"fmt"
	"os"
	"path/filepath"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/tandem-platform/tandem/internal/lambdazip"
)

// buildFunctions builds the platform's own Lambda functions from their source in
// this repository.
func (r *region) buildFunctions() error {
	if r.Database.RotationDays == -1 {
		return nil
	}
	source, err := find(filepath.Join("components", "datatier", "rotation"))
	if err != nil {
		return err
	}
	path, err := lambdazip.Build(source)
	if err != nil {
		return err
	}
	r.rotation = pulumi.NewFileArchive(path)
	return nil
}

// find looks for a folder of the repository above the one that the program runs in.
func find(folder string) (string, error) {
	start, err := os.Getwd()
	if err != nil {
		return "", err
	}
	for dir := start; ; dir = filepath.Dir(dir) {
		path := filepath.Join(dir, folder)
		if _, err := os.Stat(filepath.Join(path, "go.mod")); err == nil {
			return path, nil
		}
		if dir == filepath.Dir(dir) {
			return "", fmt.Errorf("there is no %s above %s: run the program in the repository", folder, start)
		}
	}
}
