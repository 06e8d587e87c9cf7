package auth

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"github.com/alexedwards/argon2id"
	"github.com/google/uuid"
)

// OWASP's password storage cheat sheet: argon2id with 19 MiB, two passes, one lane.
var argon = &argon2id.Params{Memory: 19 * 1024, Iterations: 2, Parallelism: 1, SaltLength: 16, KeyLength: 32}

// hashing bounds the memory of a log-in flood: two hashes at a time in the whole process, however many
// gates there are. The others wait, holding no database connection.
var hashing = make(chan struct{}, 2)

const hashWait = 10 * time.Second

func takeTurn(ctx context.Context) (done func(), err error) {
	ctx, cancel := context.WithTimeout(ctx, hashWait)
	defer cancel()
	select {
	case hashing <- struct{}{}:
		return func() { <-hashing }, nil
	case <-ctx.Done():
		return nil, fmt.Errorf("%w: %w", ErrBusy, ctx.Err())
	}
}

func hashPassword(ctx context.Context, password string) (string, error) {
	done, err := takeTurn(ctx)
	if err != nil {
		return "", err
	}
	defer done()
	hash, err := argon2id.CreateHash(password, argon)
	if err != nil {
		return "", fmt.Errorf("auth: hash: %w", err)
	}
	return hash, nil
}

// decoy is compared against when there is no such user, so that both answers take the same work.
var decoy = sync.OnceValues(func() (string, error) { return argon2id.CreateHash(uuid.NewString(), argon) })

// matches compares the password with the hash, or with the decoy when there is none.
func (g *Gate) matches(ctx context.Context, password, hash string) (bool, error) {
	done, err := takeTurn(ctx)
	if err != nil {
		return false, err
	}
	defer done()
	known := hash != ""
	if !known {
		if hash, err = decoy(); err != nil {
			return false, fmt.Errorf("auth: decoy: %w", err)
		}
	}
	g.hashed.Add(1)
	same, err := argon2id.ComparePasswordAndHash(password, hash)
	if err != nil {
		return false, fmt.Errorf("auth: compare: %w", err)
	}
	return same && known, nil
}

// PasswordMin and PasswordMax bound a password's length in characters. Any character is welcome.
const (
	PasswordMin = 10
	PasswordMax = 128
)

// Long enough and still the first to be tried.
var common = []string{
	"1234567890", "0123456789", "9876543210", "qwertyuiop", "qwerty12345", "1q2w3e4r5t", "1qaz2wsx3edc",
	"password12", "password123", "iloveyou1314", "woaini1314", "woaini520", "5201314520", "adminadmin",
	"administrator", "letmein123", "welcome123", "a123456789", "q123456789", "abc123456789", "zxcvbnm123",
}

// CheckPassword returns ErrPasswordWeak for a password that is too short or too long, has fewer than five
// different characters, is among the first anybody tries, or contains the login.
func CheckPassword(login, password string) error {
	length := utf8.RuneCountInString(password)
	if length < PasswordMin || length > PasswordMax || !utf8.ValidString(password) {
		return ErrPasswordWeak
	}
	different := map[rune]bool{}
	for _, r := range password {
		different[r] = true
	}
	if len(different) < 5 {
		return ErrPasswordWeak
	}
	lower := strings.ToLower(password)
	for _, easy := range common {
		if strings.HasPrefix(lower, easy) && len(lower) < len(easy)+4 {
			return ErrPasswordWeak
		}
	}
	name, _, _ := strings.Cut(login, "@")
	if len(name) >= 3 && strings.Contains(lower, name) {
		return ErrPasswordWeak
	}
	return nil
}
