package terraform

import (
	"io"
	"net"
	"net/http"
	"sync"
)

// Endpoints are environment variables that lead the provider to a server of
// this process for what it asks AWS while it plans: Step Functions' opinion of a
// state machine's definition. The server has none, because the simulated clouds
// judge definitions; it lives as long as the process.
var Endpoints = sync.OnceValues(func() ([]string, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	go func() { _ = http.Serve(listener, http.HandlerFunc(approve)) }() //nolint:gosec // the provider is its only client
	return []string{"AWS_ENDPOINT_URL_SFN=http://" + listener.Addr().String()}, nil
})

// approve answers ValidateStateMachineDefinition.
func approve(w http.ResponseWriter, r *http.Request) {
	if r.Header.Get("X-Amz-Target") != "AWSStepFunctions.ValidateStateMachineDefinition" {
		http.Error(w, "there is no cloud behind a plan", http.StatusForbidden)
		return
	}
	w.Header().Set("Content-Type", "application/x-amz-json-1.0")
	_, _ = io.WriteString(w, `{"result":"OK","diagnostics":[]}`)
}
