package main

import (
	"context"
	"crypto/x509"
	_ "embed"
	"fmt"
	"os"
	"time"

	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager"
)

// roots are the authorities of RDS (Aurora user guide, using SSL/TLS to encrypt a
// connection).
//
//go:embed rds-roots.pem
var roots []byte

func main() {
	handler, err := newHandler(context.Background())
	if err != nil {
		fmt.Fprintln(os.Stderr, "rotation:", err)
		os.Exit(1)
	}
	lambda.Start(handler)
}

// newHandler returns the function of the kind that the environment asks for:
// SECRET_ARN is the secret. With SECRET_NAME the function watches the secret's
// age, without it rotates the secret.
func newHandler(ctx context.Context) (any, error) {
	secret, name := os.Getenv("SECRET_ARN"), os.Getenv("SECRET_NAME")
	if secret == "" {
		return nil, fmt.Errorf("SECRET_ARN is not set")
	}
	settings, err := config.LoadDefaultConfig(ctx)
	if err != nil {
		return nil, fmt.Errorf("reading the settings of AWS: %w", err)
	}
	client := manager{secretsmanager.NewFromConfig(settings)}
	if name != "" {
		w := &watcher{secrets: client, secret: secret, name: name, now: time.Now, out: os.Stdout}
		return w.watch, nil
	}
	pool := x509.NewCertPool()
	if !pool.AppendCertsFromPEM(roots) {
		return nil, fmt.Errorf("rds-roots.pem has no certificate")
	}
	r := &rotator{secrets: client, database: &postgres{roots: pool}, secret: secret}
	return r.handle, nil
}
