package main

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

// postgres is a PostgreSQL server that is reached by TLS alone.
type postgres struct {
	// roots are the authorities that a server's certificate has to be of.
	roots *x509.CertPool
}

// connect logs in, and makes sure that what answers takes writes: a name may
// still lead to a member that has lost its role.
func (p *postgres) connect(ctx context.Context, c credentials) (*pgx.Conn, error) {
	config, err := pgx.ParseConfig("")
	if err != nil {
		return nil, errors.New("reading the settings of PostgreSQL from the environment")
	}
	config.Host, config.Port, config.Database = c.Host, uint16(c.Port), c.DBName
	config.User, config.Password = c.Username, c.Password
	config.TLSConfig = &tls.Config{RootCAs: p.roots, ServerName: c.Host, MinVersion: tls.VersionTLS12}
	config.Fallbacks = nil // no attempt without TLS
	config.ConnectTimeout = 5 * time.Second
	config.RuntimeParams = map[string]string{"application_name": "rotation"}
	conn, err := pgx.ConnectConfig(ctx, config)
	if err != nil {
		return nil, fmt.Errorf("connecting to %s: %w", c, scrubbed(err))
	}
	var standby bool
	if err := conn.QueryRow(ctx, "SELECT pg_is_in_recovery()").Scan(&standby); err != nil {
		return nil, errors.Join(fmt.Errorf("asking %s for its role: %w", c.Host, scrubbed(err)), conn.Close(ctx))
	}
	if standby {
		return nil, errors.Join(fmt.Errorf("%s takes no writes", c.Host), conn.Close(ctx))
	}
	return conn, nil
}

func (p *postgres) check(ctx context.Context, c credentials) error {
	conn, err := p.connect(ctx, c)
	if err != nil {
		return err
	}
	return conn.Close(ctx)
}

// change sends no password: the statement holds what the server would have made
// of it, so that no log of the server's has it, whatever it logs.
func (p *postgres) change(ctx context.Context, c credentials, password string) (err error) {
	conn, err := p.connect(ctx, c)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, conn.Close(ctx)) }()
	verifier, err := scramVerifier(password)
	if err != nil {
		return err
	}
	// A statement of this kind takes no parameters. A verifier has no quote in it.
	statement := fmt.Sprintf("ALTER ROLE %s PASSWORD '%s'", pgx.Identifier{c.Username}.Sanitize(), verifier)
	if _, err := conn.Exec(ctx, statement); err != nil {
		return fmt.Errorf("changing the password of %s: %w", c, scrubbed(err))
	}
	return nil
}

// scrubbed keeps of an error what cannot hold a statement or a setting: what
// PostgreSQL says of itself, or else that the server was not reached.
func scrubbed(err error) error {
	var refused *pgconn.PgError
	if errors.As(err, &refused) {
		return fmt.Errorf("%s (SQLSTATE %s)", refused.Message, refused.Code)
	}
	if errors.Is(err, context.DeadlineExceeded) {
		return context.DeadlineExceeded
	}
	var untrusted *tls.CertificateVerificationError
	if errors.As(err, &untrusted) {
		return errors.New("the server's certificate is not of a trusted authority, or not of this host")
	}
	return errors.New("the server was not reached by TLS")
}
