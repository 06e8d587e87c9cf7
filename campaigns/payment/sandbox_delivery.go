package payment

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"fund/ledger/money"
)

// Scenario is what goes right or wrong with a payment at the pretend company.
type Scenario string

// The scenarios.
const (
	Normal          Scenario = "normal"
	Late            Scenario = "late"             // told half a minute after it was paid
	Repeated        Scenario = "repeated"         // told five times, each time properly signed
	Lost            Scenario = "lost"             // never told; Query finds it
	Decline         Scenario = "decline"          // not paid at all; the order is closed
	WrongAmount     Scenario = "wrong-amount"     // one yuan more came
	WrongCurrency   Scenario = "wrong-currency"   // dollars came
	WrongPayee      Scenario = "wrong-payee"      // somebody else has the money
	AlteredBody     Scenario = "altered-body"     // a byte was changed after signing
	ForgedSignature Scenario = "forged-signature" // signed by a stranger
	UnknownSerial   Scenario = "unknown-serial"   // signed with a key nobody published
	OldTimestamp    Scenario = "old-timestamp"    // a replay; the company's own retry is fresh
)

// Scenarios are all of them, in the order a page would list them.
func Scenarios() []Scenario {
	return []Scenario{
		Normal, Late, Repeated, Lost, Decline, WrongAmount, WrongCurrency, WrongPayee,
		AlteredBody, ForgedSignature, UnknownSerial, OldTimestamp,
	}
}

// ParseScenario reads the name of one, as a form sends it.
func ParseScenario(name string) (Scenario, bool) {
	for _, s := range Scenarios() {
		if string(s) == name {
			return s, true
		}
	}
	return "", false
}

const (
	lateBy  = 30 * time.Second
	repeats = 5
)

// outcome is what a pending order becomes.
func (s Scenario) outcome(e Event, now time.Time) Event {
	if s == Decline {
		e.State = Failed
		return e
	}
	e.State, e.Reference, e.At = Paid, newReference("P"), now
	switch s {
	case WrongAmount:
		e.Amount = e.Amount.Add(money.FromFen(100))
	case WrongCurrency:
		e.Currency = "USD"
	case WrongPayee:
		e.Payee += "0"
	}
	return e
}

// Delivery is what the company has to tell one shop. It is plain data: nothing is signed before it is sent, for a signature ages.
type Delivery struct {
	URL      string
	Event    Event
	Scenario Scenario
}

// times is how often the company tells although it was understood the first time.
func (d Delivery) times() int {
	switch d.Scenario {
	case Lost, Decline:
		return 0
	case Repeated:
		return repeats
	}
	return 1
}

// Notifications are what would arrive if the delivery were tried now, without any network.
func (c *Counterpart) Notifications(d Delivery) []Notification {
	ns := make([]Notification, d.times())
	for i := range ns {
		ns[i] = c.letter(d, 0).notification(c.Now())
	}
	return ns
}

// letter signs the attempt-th notification (from 0), with whatever the scenario does to it.
func (c *Counterpart) letter(d Delivery, attempt int) letter {
	at := c.Now()
	if d.Scenario == OldTimestamp && attempt == 0 {
		at = at.Add(-MaxAge - time.Minute)
	}
	l := c.keys.signBody(c.keys.body(d.Event, at), at)
	switch d.Scenario {
	case AlteredBody:
		l.body = bytes.Replace(l.body, []byte(`"EV-`), []byte(`"EW-`), 1)
	case ForgedSignature:
		l.signature = strangersSignature(l)
	case UnknownSerial:
		l.serial = strings.Repeat("0", len(l.serial))
	}
	return l
}

func strangersSignature(l letter) string {
	stranger := make([]byte, 32)
	rand.Read(stranger) // never fails: crypto/rand ends the program instead
	return base64.StdEncoding.EncodeToString(mac(stranger, signedMessage(l.timestamp, l.nonce, l.body)))
}

// Deliver tells the shop over HTTP. Each telling is tried again, signed afresh, until the shop answers 200 or 204 or RetryAfter is
// used up; then the error is the last answer. It returns when there is nothing left to tell or the context ends.
func (c *Counterpart) Deliver(ctx context.Context, d Delivery) error {
	if d.Scenario == Late {
		if err := pause(ctx, lateBy); err != nil {
			return err
		}
	}
	var errs []error
	for range d.times() {
		errs = append(errs, c.tell(ctx, d))
	}
	return errors.Join(errs...)
}

func (c *Counterpart) tell(ctx context.Context, d Delivery) error {
	for attempt := 0; ; attempt++ {
		err := c.post(ctx, d.URL, c.letter(d, attempt))
		if err == nil {
			return nil
		}
		if attempt == len(c.RetryAfter) {
			return fmt.Errorf("payment: gave up telling of order %s: %w", orderNumber(d.Event.Order), err)
		}
		if stopped := pause(ctx, c.RetryAfter[attempt]); stopped != nil {
			return errors.Join(stopped, err)
		}
	}
}

func (c *Counterpart) post(ctx context.Context, url string, l letter) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, url, bytes.NewReader(l.body))
	if err != nil {
		return err
	}
	req.Header.Set("Content-Type", "application/json")
	for _, h := range l.headers() {
		req.Header.Set(h[0], h[1])
	}
	answer, err := c.Client.Do(req)
	if err != nil {
		return err
	}
	answer.Body.Close()
	if answer.StatusCode != http.StatusOK && answer.StatusCode != http.StatusNoContent {
		return fmt.Errorf("the shop answered %s", answer.Status)
	}
	return nil
}

func pause(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
