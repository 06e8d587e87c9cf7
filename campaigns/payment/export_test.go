package payment

import (
	"encoding/json"
	"time"
)

// SignBody signs any body as the company would, so that a fuzzer gets past the signature.
func (k SandboxKeys) SignBody(body []byte, at time.Time) Notification {
	return k.signBody(body, at).notification(at)
}

// SignResource seals and signs any resource, so that a fuzzer gets past the seal.
func (k SandboxKeys) SignResource(plain []byte, at time.Time) Notification {
	nonce := "123456789012"
	body := mustJSON(map[string]any{"resource": sealed{
		Algorithm: sealAlgorithm, Nonce: nonce, Ciphertext: k.aead.Seal(nil, []byte(nonce), plain, nil),
	}})
	return k.SignBody(body, at)
}

// Resource is what the company seals for an event.
func Resource(e Event) []byte {
	text, err := json.Marshal(resourceOf(e))
	if err != nil {
		panic(err)
	}
	return text
}

// WithoutDatabase is a company that can only sign and deliver.
func WithoutDatabase(keys SandboxKeys) *Counterpart { return NewCounterpart(nil, keys) }

// Unseal reads the body of a notification as if its signature had been verified, which is too slow to fuzz behind.
func (w *WeChat) Unseal(body []byte) (Event, error) { return w.opener.unseal(body) }

// Read reads a form as if its signature had been verified.
func (a *Alipay) Read(form map[string]string) (Event, error) { return a.read(form) }
