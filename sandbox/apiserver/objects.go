package apiserver

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"time"

	"github.com/tandem-platform/tandem/sandbox/cloud/kube"
)

// Refused is the API server's answer to what it does not take.
type Refused struct {
	Code    int
	Reason  string // "Invalid"
	Message string
}

func (r *Refused) Error() string { return r.Message }

// fieldManager is who owns the fields, as far as the server knows.
const fieldManager = "sandbox"

// Options of a request.
type Options struct {
	// DryRun checks and admits, and stores nothing.
	DryRun bool
}

// Apply puts an object to the server as a server-side apply with strict field
// validation. The error is a [Refused] where the server does not take it. Warnings
// are what the server says of an object that it takes.
func (s *Server) Apply(ctx context.Context, k *kube.Kind, doc map[string]any, o Options) (warnings []string, err error) {
	meta, _ := doc["metadata"].(map[string]any)
	name, _ := meta["name"].(string)
	namespace, _ := meta["namespace"].(string)
	if name == "" {
		return nil, &Refused{Code: http.StatusBadRequest, Reason: "BadRequest", Message: "name is required"}
	}
	return s.put(ctx, http.MethodPatch, path(k, namespace)+"/"+url.PathEscape(name), doc, o, url.Values{"force": {"true"}})
}

// Create makes an object anew.
func (s *Server) Create(ctx context.Context, k *kube.Kind, doc map[string]any, o Options) (warnings []string, err error) {
	meta, _ := doc["metadata"].(map[string]any)
	namespace, _ := meta["namespace"].(string)
	return s.put(ctx, http.MethodPost, path(k, namespace), doc, o, url.Values{})
}

func path(k *kube.Kind, namespace string) string {
	p := "/apis/" + k.APIVersion
	if k.Group() == "" {
		p = "/api/" + k.APIVersion
	}
	if k.Namespaced {
		if namespace == "" {
			namespace = "default"
		}
		p += "/namespaces/" + url.PathEscape(namespace)
	}
	return p + "/" + k.Plural
}

func (s *Server) put(ctx context.Context, method, path string, doc map[string]any, o Options, query url.Values) ([]string, error) {
	query.Set("fieldManager", fieldManager)
	query.Set("fieldValidation", "Strict")
	if o.DryRun {
		query.Set("dryRun", "All")
	}
	text, err := json.Marshal(doc)
	if err != nil {
		return nil, err
	}
	form := "application/json"
	if method == http.MethodPatch {
		form = "application/apply-patch+yaml" // which JSON is, too
	}
	_, header, err := s.call(ctx, method, path+"?"+query.Encode(), form, text)
	var warnings []string
	for _, w := range header.Values("Warning") {
		warnings = append(warnings, warning(w))
	}
	return warnings, err
}

// warning is the text of a Warning header: 299 - "text".
func warning(header string) string {
	var code int
	var agent, text string
	if _, err := fmt.Sscanf(header, "%d %s %q", &code, &agent, &text); err != nil {
		return header
	}
	return text
}

func (s *Server) call(ctx context.Context, method, path, form string, body []byte) ([]byte, http.Header, error) {
	req, err := http.NewRequestWithContext(ctx, method, s.url+path, bytes.NewReader(body))
	if err != nil {
		return nil, nil, err
	}
	req.Header.Set("Authorization", "Bearer "+s.token)
	req.Header.Set("Accept", "application/json")
	if form != "" {
		req.Header.Set("Content-Type", form)
	}
	resp, err := s.client.Do(req)
	if err != nil {
		return nil, nil, err
	}
	defer func() { _ = resp.Body.Close() }()
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		return nil, nil, err
	}
	if resp.StatusCode >= 300 {
		refused := &Refused{Code: resp.StatusCode}
		if json.Unmarshal(text, refused) != nil || refused.Message == "" {
			refused.Message = fmt.Sprintf("%s: %s", resp.Status, bytes.TrimSpace(text))
		}
		refused.Code = resp.StatusCode
		return nil, resp.Header, refused
	}
	return text, resp.Header, nil
}

// definitions is the kind of custom resource definitions.
var definitions = &kube.Kind{APIVersion: "apiextensions.k8s.io/v1", Name: "CustomResourceDefinition", Plural: "customresourcedefinitions"}

// Define makes a custom kind known, and returns once the server serves it.
func (s *Server) Define(ctx context.Context, k *kube.Kind) error {
	if _, err := s.Apply(ctx, definitions, k.Definition(), Options{}); err != nil {
		return fmt.Errorf("defining %s: %w", k.Resource(), err)
	}
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	return s.wait(ctx, func() error {
		var crd struct {
			Status struct {
				Conditions []struct{ Type, Status, Message string }
			}
		}
		if err := s.get(ctx, path(definitions, "")+"/"+k.Resource(), &crd); err != nil {
			return err
		}
		for _, c := range crd.Status.Conditions {
			if c.Type == "NonStructuralSchema" && c.Status == "True" {
				return fmt.Errorf("the schema of %s is not structural: %s", k.Resource(), c.Message)
			}
			if c.Type == "Established" && c.Status == "True" {
				var list map[string]any
				return s.get(ctx, path(k, ""), &list)
			}
		}
		return errors.New("it is not established yet")
	})
}
