package cloud

import (
	"context"
	"fmt"
	"hash/fnv"
	"net"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
)

// Operation is one call that a provider makes on a simulated cloud. What is
// drawn by the random provider is no operation: no cloud takes part in it.
type Operation struct {
	// Verb is create, read, update, delete or invoke.
	Verb string
	// Type is the type token of the resource or function, URN the resource
	// (empty for an invoke).
	Type, URN string
	// Region is where the control plane of the call is: for services with
	// one control plane us-east-1, for Kubernetes that of the cluster, for
	// Datadog empty.
	Region string
	// Service is the name that errors give, such as EC2; empty for
	// Kubernetes. Endpoint is what the call is sent to.
	Service, Endpoint string
	// Resource is the name or the id that errors give, "" if it has none yet.
	Resource string
}

// Changes says whether the operation is one that changes something: a create,
// an update or a delete.
func (op Operation) Changes() bool { return op.Verb != "read" && op.Verb != "invoke" }

// aws says whether the operation is one of AWS's.
func (op Operation) aws() bool { return strings.HasPrefix(op.Type, "aws:") }

// Fault is what goes wrong. It stands between a provider and the cloud: do is
// the operation, a transaction that is committed when it returns nil. A fault
// that does not call do refuses the operation; one that returns an error after
// it hides a success. Several faults lie around each other, the first outermost.
// They are called at the same time for operations that run at the same time.
type Fault func(ctx context.Context, op Operation, do func() error) error

// call runs an operation through all faults.
func (c *Cloud) call(ctx context.Context, op Operation, do func() error) error {
	for _, f := range slices.Backward(c.faults) {
		next := do
		do = func() error { return f(ctx, op, next) }
	}
	return do()
}

// Pick says which operations a fault is about. It is asked once for each.
type Pick func(Operation) bool

// Changing picks every operation that changes something, of one type unless typ
// is empty.
func Changing(typ string) Pick {
	return func(op Operation) bool { return op.Changes() && (typ == "" || op.Type == typ) }
}

// Nth picks the n-th of the operations that of picks, counted from 1, and no
// other.
func Nth(n int, of Pick) Pick {
	var count atomic.Int64
	return func(op Operation) bool { return of(op) && count.Add(1) == int64(n) }
}

// Fail refuses the operations with an internal error of the service. Nothing
// has then been done.
func Fail(pick Pick) Fault {
	return func(_ context.Context, op Operation, do func() error) error {
		if !pick(op) {
			return do()
		}
		return op.internalError()
	}
}

// CrashBefore ends the connection of the provider that makes the operation,
// before the cloud has got it, as if the provider's process had died.
func CrashBefore(pick Pick) Fault {
	return func(ctx context.Context, op Operation, do func() error) error {
		if !pick(op) {
			return do()
		}
		return crash(ctx)
	}
}

// CrashAfter is CrashBefore, but the cloud has committed the operation, and only
// its answer is lost.
func CrashAfter(pick Pick) Fault {
	return func(ctx context.Context, op Operation, do func() error) error {
		picked := pick(op)
		if err := do(); err != nil || !picked {
			return err
		}
		return crash(ctx)
	}
}

// LoseRegion lets no operation through whose control plane is in region. IAM,
// Route 53 and CloudFront have theirs in us-east-1. The error is that of an
// SDK whose connections time out; the minutes of its attempts are left out.
func LoseRegion(region string) Fault {
	return func(_ context.Context, op Operation, do func() error) error {
		if op.Region != region {
			return do()
		}
		return op.unreachable()
	}
}

// Latency makes every operation take longer, reads and functions too.
func Latency(d time.Duration) Fault {
	return func(ctx context.Context, _ Operation, do func() error) error {
		if err := sleep(ctx, d); err != nil {
			return err
		}
		return do()
	}
}

// The retries of the AWS provider: max_retries is 25 by default, and the SDK
// waits at most 20 seconds before each (aws-sdk-go-v2, aws/retry).
const (
	maxAttempts = 25
	maxBackoff  = 20 * time.Second
)

// Throttle admits so many operations a second to each service of AWS in each
// region, and as many at once, at least one. As in the cloud the provider
// repeats what is throttled, after up to 1, 2, 4 and at last 20 seconds, and a user
// sees an update that is slow; only the 25th refusal is an error. 0 admits nothing.
func Throttle(perSecond float64) Fault {
	var mu sync.Mutex
	type bucket struct {
		tokens float64
		filled time.Time
	}
	buckets := map[string]*bucket{}
	most := max(1, perSecond)
	admit := func(key string) bool {
		if perSecond <= 0 {
			return false
		}
		mu.Lock()
		defer mu.Unlock()
		now := time.Now()
		b := buckets[key]
		if b == nil {
			b = &bucket{tokens: most, filled: now}
			buckets[key] = b
		}
		b.tokens = min(most, b.tokens+perSecond*now.Sub(b.filled).Seconds())
		b.filled = now
		if b.tokens < 1 {
			return false
		}
		b.tokens--
		return true
	}
	return func(ctx context.Context, op Operation, do func() error) error {
		if !op.aws() {
			return do()
		}
		wait := time.Second
		for attempt := 1; !admit(op.Service + sep + op.Region); attempt++ {
			if attempt == maxAttempts {
				return op.throttled()
			}
			if err := sleep(ctx, jitter(wait, op, attempt)); err != nil {
				return err
			}
			wait = min(2*wait, maxBackoff)
		}
		return do()
	}
}

// jitter is a part of a wait, so that calls which were refused together do not
// come again together. It is the same for the same call.
func jitter(wait time.Duration, op Operation, attempt int) time.Duration {
	h := fnv.New32a()
	fmt.Fprint(h, op.Verb, op.Type, op.URN, attempt)
	return wait * time.Duration(1+h.Sum32()%100) / 100
}

func sleep(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	}
}

// connection is what a request came on, and its own key in the request's context.
type connection struct {
	net.Conn
	cloud *Cloud
}

// crash ends the connection that the request came on.
func crash(ctx context.Context) error {
	if c, ok := ctx.Value(connection{}).(connection); ok {
		c.cloud.crashed.Store(true)
		_ = c.Close()
	}
	return status.Error(codes.Unavailable, "the provider has crashed")
}

// unconfigured is the error of a connection that has not been configured. After
// a crash the engine may dial the provider again, and then does not configure it.
func (b *base) unconfigured() error {
	if b.c.crashed.Load() {
		return status.Error(codes.Unavailable, `connection error: desc = "transport: Error while dialing: connect: connection refused"`)
	}
	return fmt.Errorf("the %s provider on this connection has not been configured", b.pkg)
}
