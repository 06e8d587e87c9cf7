package transparency

import (
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/mod/sumdb/note"
)

// Key signs an installation's checkpoints. Its private half comes from a file
// or the environment, never from the database.
type Key struct {
	signer   note.Signer
	verifier note.Verifier
	public   string
}

// NewKey makes an Ed25519 key with a name such as `fund.example.org` and
// returns it with its two texts, to be kept apart.
func NewKey(name string) (k Key, private string, err error) {
	private, public, err := note.GenerateKey(rand.Reader, name)
	if err != nil {
		return Key{}, "", fmt.Errorf("transparency.NewKey(%q): %w", name, err)
	}
	k, err = ParseKey(private, public)
	return k, private, err
}

// ParseKey reads a key from its two texts.
func ParseKey(private, public string) (Key, error) {
	signer, err := note.NewSigner(strings.TrimSpace(private))
	if err != nil {
		return Key{}, fmt.Errorf("transparency: the signing key is not readable: %w", err)
	}
	verifier, err := ParseVerifier(public)
	if err != nil {
		return Key{}, err
	}
	if signer.Name() != verifier.Name() || signer.KeyHash() != verifier.KeyHash() {
		return Key{}, errors.New("transparency: the signing key and the public key do not belong together")
	}
	return Key{signer, verifier, strings.TrimSpace(public)}, nil
}

// ParseVerifier reads a public key as published: `name+hash+base64`.
func ParseVerifier(public string) (note.Verifier, error) {
	v, err := note.NewVerifier(strings.TrimSpace(public))
	if err != nil {
		return nil, fmt.Errorf("transparency: the public key is not readable: %w", err)
	}
	return v, nil
}

// OpenKey reads log.key and log.pub in dir, or makes them (mode 0600) under
// the given name if neither is there yet.
func OpenKey(dir, name string) (Key, error) {
	privateFile, publicFile := filepath.Join(dir, "log.key"), filepath.Join(dir, "log.pub")
	private, err := os.ReadFile(privateFile)
	if errors.Is(err, fs.ErrNotExist) {
		return createKey(dir, name, privateFile, publicFile)
	}
	if err != nil {
		return Key{}, err
	}
	public, err := os.ReadFile(publicFile)
	if err != nil {
		return Key{}, err
	}
	return ParseKey(string(private), string(public))
}

func createKey(dir, name, privateFile, publicFile string) (Key, error) {
	k, private, err := NewKey(name)
	if err != nil {
		return Key{}, err
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return Key{}, err
	}
	if err := os.WriteFile(publicFile, []byte(k.public+"\n"), 0o644); err != nil {
		return Key{}, err
	}
	return k, os.WriteFile(privateFile, []byte(private+"\n"), 0o600)
}

// Public is the text that anyone needs to check this key's signatures.
func (k Key) Public() string { return k.public }

// Verifier checks this key's signatures.
func (k Key) Verifier() note.Verifier { return k.verifier }

// Origin names a community's log: the key's name and the community's slug.
func (k Key) Origin(slug string) string { return k.signer.Name() + "/c/" + slug }
