package cloud

import (
	"context"
	"fmt"
	"path"
	"runtime/debug"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
)

// recovered turns a panic of a provider into an error that names the operation
// and the resource, so that a mistake in one model does not end the sandbox. The
// transaction in which it happened has been rolled back.
func recovered(ctx context.Context, req any, info *grpc.UnaryServerInfo, handle grpc.UnaryHandler) (resp any, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = status.Error(codes.Internal, fmt.Sprintf("the sandbox has a mistake: %s of %s: panic: %v\n%s",
				path.Base(info.FullMethod), subject(req), p, debug.Stack()))
		}
	}()
	return handle(ctx, req)
}

// subject is the resource or the function that a request is about.
func subject(req any) string {
	if r, ok := req.(interface{ GetUrn() string }); ok && r.GetUrn() != "" {
		return r.GetUrn()
	}
	if r, ok := req.(interface{ GetTok() string }); ok {
		return r.GetTok()
	}
	return fmt.Sprintf("%T", req)
}
