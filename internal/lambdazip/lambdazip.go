// Package lambdazip builds a Lambda function in Go into the zip file that Lambda
// takes. The same source and the same Go make the same file, byte for byte, so a
// program that is run again changes nothing.
package lambdazip

import (
	"archive/zip"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"time"
)

// Build builds the main package in the folder source, which is a module of its
// own, for the runtime provided.al2023 on arm64. It returns the path of the zip
// file, in the user's cache folder: what has been built is not built again. It
// needs the go command on PATH, and at first the network, for the module's
// dependencies.
func Build(source string) (string, error) {
	digest, err := digestOf(source)
	if err != nil {
		return "", fmt.Errorf("reading the source of the function: %w", err)
	}
	cache, err := os.UserCacheDir()
	if err != nil {
		return "", fmt.Errorf("finding a folder for the function's zip file: %w", err)
	}
	dir := filepath.Join(cache, "tandem", "functions")
	path := filepath.Join(dir, filepath.Base(source)+"-"+digest+".zip")
	if _, err := os.Stat(path); err == nil {
		return path, nil
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return "", err
	}
	binary, err := compile(source)
	if err != nil {
		return "", err
	}
	data, err := pack(binary)
	if err != nil {
		return "", err
	}
	// Under its name it is whole, also where two programs build it at once.
	temp, err := os.CreateTemp(dir, "*.part")
	if err != nil {
		return "", err
	}
	_, err = temp.Write(data)
	if err = errors.Join(err, temp.Close()); err != nil {
		return "", errors.Join(err, os.Remove(temp.Name()))
	}
	return path, os.Rename(temp.Name(), path)
}

// digestOf tells sources apart, and Go versions, whose programs differ.
func digestOf(source string) (string, error) {
	h := sha256.New()
	fmt.Fprintln(h, runtime.Version())
	err := filepath.WalkDir(source, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || strings.HasSuffix(path, "_test.go") {
			return err
		}
		data, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		name, err := filepath.Rel(source, path)
		fmt.Fprintf(h, "%s %d\n", filepath.ToSlash(name), len(data))
		h.Write(data)
		return err
	})
	return hex.EncodeToString(h.Sum(nil)[:8]), err
}

func compile(source string) ([]byte, error) {
	dir, err := os.MkdirTemp("", "function")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	binary := filepath.Join(dir, "bootstrap")
	cmd := exec.Command("go", "build", "-trimpath", "-buildvcs=false", "-tags", "lambda.norpc", "-ldflags", "-s -w -buildid=", "-o", binary, ".")
	cmd.Dir = source
	// What the calling program is built with is not for the function.
	cmd.Env = append(os.Environ(), "GOFLAGS=", "GOWORK=off", "GOOS=linux", "GOARCH=arm64", "CGO_ENABLED=0")
	if out, err := cmd.CombinedOutput(); err != nil {
		return nil, fmt.Errorf("building the function in %s: %w: %s", source, err, bytes.TrimSpace(out))
	}
	return os.ReadFile(binary)
}

// pack makes a zip file with the one program that Lambda starts. It has to be
// executable, which an archive that Pulumi makes of a folder is not.
func pack(binary []byte) ([]byte, error) {
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	header := &zip.FileHeader{Name: "bootstrap", Method: zip.Deflate, Modified: time.Date(1980, 1, 1, 0, 0, 0, 0, time.UTC)}
	header.SetMode(0o755)
	f, err := w.CreateHeader(header)
	if err != nil {
		return nil, err
	}
	if _, err := f.Write(binary); err != nil {
		return nil, err
	}
	if err := w.Close(); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}
