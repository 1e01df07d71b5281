package main

import (
	"crypto/hmac"
	"crypto/pbkdf2"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
)

const (
	// scramIterations is PostgreSQL's own (scram_iterations).
	scramIterations = 4096
	scramSaltBytes  = 16
)

// scramVerifier is what PostgreSQL keeps of a password (pg_authid.rolpassword;
// RFC 5803): from it the password cannot be had. Passwords are ASCII here, so
// SASLprep leaves them as they are.
func scramVerifier(password string) (string, error) {
	salt := make([]byte, scramSaltBytes)
	rand.Read(salt) //nolint:errcheck // it never fails
	salted, err := pbkdf2.Key(sha256.New, password, salt, scramIterations, sha256.Size)
	if err != nil {
		return "", fmt.Errorf("deriving a key of the password: %w", err)
	}
	mac := func(text string) []byte {
		h := hmac.New(sha256.New, salted)
		h.Write([]byte(text))
		return h.Sum(nil)
	}
	stored := sha256.Sum256(mac("Client Key"))
	encode := base64.StdEncoding.EncodeToString
	return fmt.Sprintf("SCRAM-SHA-256$%d:%s$%s:%s", scramIterations, encode(salt), encode(stored[:]), encode(mac("Server Key"))), nil
}
