package payment_test

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"io"
	"iter"
	"net/http"
	"net/http/httptest"
	"slices"
	"sync"
	"testing"

	"github.com/google/uuid"

	"fund/campaigns/payment"
	"fund/ledger/money"
)

// The keys of the tests, made once: ours, the company's, and those of somebody who is neither.
var (
	merchantKey = sync.OnceValue(newKey)
	companyKey  = sync.OnceValue(newKey)
	strangerKey = sync.OnceValue(newKey)
)

func newKey() *rsa.PrivateKey {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		panic(err)
	}
	return key
}

func privatePEM(key *rsa.PrivateKey) string {
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		panic(err)
	}
	return string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der}))
}

func publicPEM(key *rsa.PrivateKey) string {
	der, err := x509.MarshalPKIXPublicKey(&key.PublicKey)
	if err != nil {
		panic(err)
	}
	return string(pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der}))
}

// mood is how a company's server answers a call.
type mood string

const (
	fine          mood = ""
	ill           mood = "500"
	busy          mood = "429"
	elsewhere     mood = "a redirect"
	mute          mood = "no answer in time"
	gone          mood = "the connection breaks"
	babbling      mood = "malformed JSON, rightly signed"
	endless       mood = "an endless body"
	unsigned      mood = "no signature"
	wrongKey      mood = "signed by a stranger"
	altered       mood = "altered after it was signed"
	unknownSerial mood = "an unknown serial"
	yesterday     mood = "an answer of yesterday's"
	slow          mood = "the refund is not done yet"
	another       mood = "an answer about another order"
)

// serve answers the moods that need no signature, and leaves the others to company.
func serve(t testing.TB, moodOf func() mood, company http.HandlerFunc) string {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch moodOf() {
		case ill:
			w.WriteHeader(http.StatusInternalServerError)
		case busy:
			w.WriteHeader(http.StatusTooManyRequests)
			_, _ = io.WriteString(w, `{"code":"SLOW_DOWN","message":"说明"}`)
		case elsewhere:
			http.Redirect(w, r, "/elsewhere", http.StatusFound)
		case mute:
			_, _ = io.Copy(io.Discard, r.Body) // only then the server looks whether the caller is still there
			<-r.Context().Done()
		case gone:
			panic(http.ErrAbortHandler)
		default:
			company(w, r)
		}
	}))
	t.Cleanup(server.Close)
	return server.URL
}

// customers are the orders a company knows, with what was paid and given back.
type customers struct {
	sync.Mutex
	orders map[string]*customer
	mood   mood
}

type customer struct {
	total    money.Amount
	paid     bool
	refunded map[string]money.Amount // by the refund's number
}

func (c *customers) Mood() mood {
	c.Lock()
	defer c.Unlock()
	return c.mood
}

func (c *customers) feel(m mood) {
	c.Lock()
	defer c.Unlock()
	c.mood = m
}

// remember reports whether an order is new or the same as before.
func (c *customers) remember(number string, total money.Amount) bool {
	if known := c.orders[number]; known != nil {
		return known.total.Equal(total)
	}
	c.orders[number] = &customer{total: total, refunded: map[string]money.Amount{}}
	return true
}

// refund reports "", or why not.
func (c *customers) refund(number, refund string, amount money.Amount) (first bool, refused string) {
	order := c.orders[number]
	if order == nil || !order.paid {
		return false, "unknown"
	}
	if before, again := order.refunded[refund]; again {
		if !before.Equal(amount) {
			return false, "another amount"
		}
		return false, ""
	}
	left := order.total
	for _, given := range order.refunded {
		left = left.Sub(given)
	}
	if left.Less(amount) {
		return false, "too much"
	}
	order.refunded[refund] = amount
	return true, ""
}

func (c *customers) pay(o payment.Order) {
	c.Lock()
	defer c.Unlock()
	c.orders[o.Number()].paid = true
}

// realOrder is an order as web/public makes it.
func realOrder(payee string, client payment.Client) payment.Order {
	o := newOrder()
	o.ID, o.Payee, o.Client, o.ClientIP = uuid.Must(uuid.NewV7()), payee, client, "203.0.113.9"
	o.Description = "暖冬行动 & 😀 a/b=c"
	return o
}

// alterations are a text with every byte changed in three ways, left out and doubled, and the whole cut short and lengthened.
func alterations(text []byte) iter.Seq[[]byte] {
	return func(yield func([]byte) bool) {
		for i := range text {
			for _, mask := range []byte{1, 0x20, 0x80} { // another digit, another case, another alphabet
				flipped := slices.Clone(text)
				flipped[i] ^= mask
				if !yield(flipped) {
					return
				}
			}
			without := slices.Delete(slices.Clone(text), i, i+1)
			twice := slices.Insert(slices.Clone(text), i, text[i])
			if !yield(without) || !yield(twice) {
				return
			}
		}
		for _, tail := range []string{" ", "\n", "\x00", "A"} {
			if !yield(append(slices.Clone(text), tail...)) {
				return
			}
		}
		yield(nil)
	}
}
