package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"time"
)

// Namespace and the rest name the metric that the watcher writes.
const (
	metricNamespace = "Tandem/Secrets"
	metricName      = "PasswordAge"
)

// watcher tells how old the password is, by the region's own copy of the secret.
// So every region sees that rotation has come to a halt, and needs no other
// region for it: with home lost, nothing rotates, and nobody in home tells.
type watcher struct {
	secrets interface {
		made(ctx context.Context, secret string) (time.Time, error)
	}
	secret, name string // ARN, and what the metric is told by
	now          func() time.Time
	out          io.Writer
}

// watch writes the age in days in CloudWatch's embedded metric format, which a
// line of the function's log is.
func (w *watcher) watch(ctx context.Context) error {
	made, err := w.secrets.made(ctx, w.secret)
	if err != nil {
		return fmt.Errorf("looking for the secret's current version: %w", err)
	}
	now := w.now()
	return json.NewEncoder(w.out).Encode(map[string]any{
		"_aws": map[string]any{
			"Timestamp": now.UnixMilli(),
			"CloudWatchMetrics": []any{map[string]any{
				"Namespace":  metricNamespace,
				"Dimensions": [][]string{{"SecretName"}},
				"Metrics":    []any{map[string]any{"Name": metricName}},
			}},
		},
		"SecretName": w.name,
		metricName:   now.Sub(made).Hours() / 24, // days
	})
}
