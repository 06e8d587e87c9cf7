package payment

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"
)

// SandboxKeys are the secrets the pretend company and the sandbox share: the key that signs, known by its serial, and the key
// that seals resources. Both grow from one seed of 32 bytes, so signatures are HMAC-SHA256: two halves of a key pair in one
// file would prove no more.
type SandboxKeys struct {
	signing []byte
	serial  string
	aead    cipher.AEAD
}

// sandboxSeedSize is the length of the seed in bytes.
const sandboxSeedSize = 32

const (
	sandboxName    = "sandbox"
	sandboxPrefix  = "Sandbox" // of its headers
	sandboxKeyFile = "sandbox.key"
)

// LoadSandboxKeys reads sandbox.key in dir, and makes it, readable by its owner alone, if it is not there. Several processes
// may start at once: they end up with the same key.
func LoadSandboxKeys(dir string) (SandboxKeys, error) {
	path := filepath.Join(dir, sandboxKeyFile)
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		if err = makeSandboxKey(dir, path); err == nil {
			text, err = os.ReadFile(path)
		}
	}
	if err != nil {
		return SandboxKeys{}, fmt.Errorf("payment: sandbox key: %w", err)
	}
	return ParseSandboxKeys(string(text))
}

// makeSandboxKey writes a whole file beside path, then links it into place: the first process wins, none reads half a key.
func makeSandboxKey(dir, path string) error {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	var seed [sandboxSeedSize]byte
	rand.Read(seed[:])                                // never fails: crypto/rand ends the program instead
	f, err := os.CreateTemp(dir, sandboxKeyFile+".*") // 0600
	if err != nil {
		return err
	}
	defer os.Remove(f.Name())
	_, err = f.WriteString(base64.StdEncoding.EncodeToString(seed[:]) + "\n")
	if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
		return err
	}
	if err = os.Link(f.Name(), path); errors.Is(err, fs.ErrExist) {
		return nil
	}
	return err
}

// ParseSandboxKeys reads the seed from text, as it stands in the file or in the environment: 32 bytes in base64.
func ParseSandboxKeys(text string) (SandboxKeys, error) {
	seed, err := base64.StdEncoding.DecodeString(strings.TrimSpace(text))
	if err != nil || len(seed) != sandboxSeedSize {
		return SandboxKeys{}, errors.New("payment: a sandbox key is 32 bytes in base64")
	}
	sealing, err := hkdf.Key(sha256.New, seed, nil, "fund sandbox resource", 32)
	if err != nil {
		return SandboxKeys{}, fmt.Errorf("payment: sandbox key: %w", err)
	}
	block, err := aes.NewCipher(sealing)
	if err != nil {
		return SandboxKeys{}, fmt.Errorf("payment: sandbox key: %w", err)
	}
	aead, err := cipher.NewGCM(block)
	if err != nil {
		return SandboxKeys{}, fmt.Errorf("payment: sandbox key: %w", err)
	}
	signing, err := hkdf.Key(sha256.New, seed, nil, "fund sandbox signature", 32)
	if err != nil {
		return SandboxKeys{}, fmt.Errorf("payment: sandbox key: %w", err)
	}
	digest := sha256.Sum256(signing)
	return SandboxKeys{signing, strings.ToUpper(hex.EncodeToString(digest[:20])), aead}, nil
}

func (k SandboxKeys) opener() opener {
	return opener{prefix: sandboxPrefix, aead: k.aead, verify: func(serial string, message, signature []byte) bool {
		return serial == k.serial && hmac.Equal(signature, mac(k.signing, message))
	}}
}

// Sign builds the notification by which the company tells of an event, as if it arrived the moment it was signed.
func (k SandboxKeys) Sign(e Event, at time.Time) Notification {
	return k.signBody(k.body(e, at), at).notification(at)
}

// SandboxHeaders are the headers of a notification that the signature needs.
var SandboxHeaders = []string{sandboxPrefix + "-Timestamp", sandboxPrefix + "-Nonce", sandboxPrefix + "-Serial", sandboxPrefix + "-Signature"}

// letter is a signed notification on its way.
type letter struct {
	timestamp, nonce, serial, signature string
	body                                []byte
}

// headers are in the order they are sent.
func (l letter) headers() [4][2]string {
	return [4][2]string{
		{sandboxPrefix + "-Timestamp", l.timestamp},
		{sandboxPrefix + "-Nonce", l.nonce},
		{sandboxPrefix + "-Serial", l.serial},
		{sandboxPrefix + "-Signature", l.signature},
	}
}

func (l letter) notification(at time.Time) Notification {
	headers := l.headers()
	return Notification{Body: l.body, At: at, Header: func(name string) string {
		for _, h := range headers {
			if strings.EqualFold(h[0], name) {
				return h[1]
			}
		}
		return ""
	}}
}

func (k SandboxKeys) signBody(body []byte, at time.Time) letter {
	l := letter{timestamp: strconv.FormatInt(at.Unix(), 10), nonce: rand.Text(), serial: k.serial, body: body}
	l.signature = base64.StdEncoding.EncodeToString(mac(k.signing, signedMessage(l.timestamp, l.nonce, body)))
	return l
}

// body seals the event. The nonce is 12 characters, as WeChat's is.
func (k SandboxKeys) body(e Event, at time.Time) []byte {
	const original = "transaction" // WeChat's own word in this field
	nonce := rand.Text()[:12]
	return mustJSON(envelope{
		ID: "EV-" + rand.Text(), CreateTime: at, EventType: eventType(e), ResourceType: "encrypt-resource",
		Resource: sealed{
			Algorithm: sealAlgorithm, OriginalType: original, AssociatedData: original, Nonce: nonce,
			Ciphertext: k.aead.Seal(nil, []byte(nonce), mustJSON(resourceOf(e)), []byte(original)),
		},
	})
}

func mustJSON(v any) []byte {
	text, err := json.Marshal(v)
	if err != nil {
		panic(err) // plain structs: only a time beyond the year 9999 gets here
	}
	return text
}

func eventType(e Event) string {
	if e.Refund != uuid.Nil {
		return "REFUND.SUCCESS"
	}
	return "TRANSACTION.SUCCESS"
}

// resourceOf is the inverse of resource.event.
func resourceOf(e Event) resource {
	r := resource{
		Payee: e.Payee, OrderNo: orderNumber(e.Order), Reference: e.Reference, SuccessTime: e.At,
		Amount: resourceFen{Currency: e.Currency},
	}
	if e.Refund != uuid.Nil {
		r.RefundNo, r.Amount.Refund = orderNumber(e.Refund), e.Amount.Fen()
		r.RefundStatus = map[State]string{Refunded: "SUCCESS", Pending: "PROCESSING", Failed: "CLOSED"}[e.State]
		return r
	}
	r.Attach, r.Amount.Total = e.Community, e.Amount.Fen()
	r.TradeState = map[State]string{Paid: "SUCCESS", Refunded: "REFUND", Pending: "NOTPAY", Failed: "CLOSED"}[e.State]
	return r
}

// mac is HMAC-SHA256.
func mac(key, message []byte) []byte {
	h := hmac.New(sha256.New, key)
	h.Write(message)
	return h.Sum(nil)
}
