package transparency

import (
	"crypto/ed25519"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"golang.org/x/mod/sumdb/note"
)

// A witness signs that a checkpoint continues every earlier one it saw, with
// the time, in the C2SP tlog-cosignature format (cosignature/v1, Ed25519).
const (
	cosignatureAlgorithm = 4
	cosignatureHeader    = "cosignature/v1\ntime "
	cosignatureBytes     = 8 + ed25519.SignatureSize // a time and a signature
)

// ErrNoCosignature is returned where no line is a countersignature by the key
// that was expected.
var ErrNoCosignature = errors.New("transparency: no countersignature by this key")

// Cosigner countersigns checkpoints as a witness. Its key is never a log's key.
type Cosigner struct {
	by  Cosignatory
	key ed25519.PrivateKey
}

// NewCosigner derives a witness's key from a secret of at least 32 bytes and
// its name, such as `fund.example.org/c/angong/witness`: each witness of an
// installation has its own.
func NewCosigner(name string, secret []byte) (c Cosigner, err error) {
	if len(secret) < ed25519.SeedSize || !plainName(name) {
		return c, errors.New("transparency: a witness needs a name without spaces or + and a secret of 32 bytes")
	}
	seed := hmac.New(sha256.New, secret)
	seed.Write([]byte("fund witness\n" + name))
	c.key = ed25519.NewKeyFromSeed(seed.Sum(nil))
	c.by = cosignatory(name, c.key.Public().(ed25519.PublicKey))
	return c, nil
}

// Cosignatory is the public half: who the witness is, and a note.Verifier of
// its countersignatures.
type Cosignatory struct {
	name string
	hash uint32
	key  ed25519.PublicKey
}

func cosignatory(name string, key ed25519.PublicKey) Cosignatory {
	sum := sha256.Sum256(append([]byte(name+"\n"), append([]byte{cosignatureAlgorithm}, key...)...))
	return Cosignatory{name, binary.BigEndian.Uint32(sum[:]), key}
}

func plainName(name string) bool { return name != "" && !strings.ContainsAny(name, "+ \t\n\r") }

// ParseCosignatory reads a witness's public key as it publishes it:
// `name+hash+base64`.
func ParseCosignatory(public string) (c Cosignatory, err error) {
	name, rest, _ := strings.Cut(strings.TrimSpace(public), "+")
	hash, encoded, _ := strings.Cut(rest, "+")
	key, err := base64.StdEncoding.DecodeString(encoded)
	if err != nil || !plainName(name) || len(key) != 1+ed25519.PublicKeySize || key[0] != cosignatureAlgorithm {
		return c, errors.New("transparency: the witness's key is not readable")
	}
	c = cosignatory(name, key[1:])
	if said, err := strconv.ParseUint(hash, 16, 32); err != nil || len(hash) != 8 || uint32(said) != c.hash {
		return c, errors.New("transparency: the witness's key was mistyped")
	}
	return c, nil
}

// Public is the text of the key as ParseCosignatory reads it.
func (c Cosignatory) Public() string {
	key := append([]byte{cosignatureAlgorithm}, c.key...)
	return fmt.Sprintf("%s+%08x+%s", c.name, c.hash, base64.StdEncoding.EncodeToString(key))
}

// Name of the witness, in its lines under a checkpoint.
func (c Cosignatory) Name() string { return c.name }

// KeyHash tells its lines from others of the same name.
func (c Cosignatory) KeyHash() uint32 { return c.hash }

// Verify checks a countersignature, with its time, of a checkpoint's text.
func (c Cosignatory) Verify(text, signature []byte) bool {
	if len(signature) != cosignatureBytes {
		return false
	}
	at := binary.BigEndian.Uint64(signature)
	return at < 1<<63 && ed25519.Verify(c.key, cosigned(string(text), at), signature[8:])
}

// cosigned is what a witness signs.
func cosigned(text string, at uint64) []byte {
	return []byte(cosignatureHeader + strconv.FormatUint(at, 10) + "\n" + text)
}

// Cosignatory is the public half.
func (c Cosigner) Cosignatory() Cosignatory { return c.by }

// Cosign is the line that the witness puts under a checkpoint. Whether the
// checkpoint deserves it is checked before (Continues).
func (c Cosigner) Cosign(signed string, at time.Time) (line string, err error) {
	text, _, ok := strings.Cut(signed, "\n\n")
	if !ok || at.Unix() < 0 {
		return "", ErrMalformed
	}
	seconds := uint64(at.Unix())
	b := binary.BigEndian.AppendUint32(nil, c.by.hash)
	b = binary.BigEndian.AppendUint64(b, seconds)
	b = append(b, ed25519.Sign(c.key, cosigned(text+"\n", seconds))...)
	return "— " + c.by.name + " " + base64.StdEncoding.EncodeToString(b), nil
}

// Cosignature is a witness's line under a checkpoint.
type Cosignature struct {
	By   Cosignatory
	At   time.Time // as the witness says
	Line string
}

// Cosignatures reads which of the witnesses countersigned a checkpoint; other
// lines are passed over. ErrNoCosignature if none did.
func Cosignatures(signed string, by ...Cosignatory) (found []Cosignature, err error) {
	verifiers := make([]note.Verifier, len(by))
	known := map[uint32]Cosignatory{}
	for i, c := range by {
		verifiers[i], known[c.hash] = c, c
	}
	n, err := note.Open([]byte(signed), note.VerifierList(verifiers...))
	if err != nil {
		return nil, fmt.Errorf("%w: %v", ErrNoCosignature, err)
	}
	for _, s := range n.Sigs {
		b, err := base64.StdEncoding.DecodeString(s.Base64)
		if err != nil || len(b) != 4+cosignatureBytes {
			return nil, ErrNoCosignature
		}
		found = append(found, Cosignature{known[s.Hash], time.Unix(int64(binary.BigEndian.Uint64(b[4:])), 0), "— " + s.Name + " " + s.Base64}) //nolint:gosec // checked to be below 2^63
	}
	return found, nil
}

// WithCosignatures is a signed checkpoint with more lines under it.
func WithCosignatures(signed string, lines ...string) string {
	for _, line := range lines {
		signed += line + "\n"
	}
	return signed
}
