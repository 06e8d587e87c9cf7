package payment

import (
	"context"
)

// SandboxPayee is the merchant number communities have in the sandbox.
const SandboxPayee = "1900009191"

// Sandbox is the provider whose money is pretend. It verifies like WeChat Pay v3, but HMAC-SHA256 signatures by a local key.
type Sandbox struct {
	opener  opener
	company *Counterpart
	payPage func(Order) string
}

// NewSandbox joins the provider to its pretend company. The donor is sent to payPage of the order, where our own server shows
// the company's face.
func NewSandbox(company *Counterpart, payPage func(Order) string) *Sandbox {
	return &Sandbox{company.keys.opener(), company, payPage}
}

// Name is "sandbox".
func (s *Sandbox) Name() string { return sandboxName }

// Payee is [SandboxPayee].
func (s *Sandbox) Payee() string { return SandboxPayee }

// Checkout makes the order known to the company: a redirect on a phone, a QR code of the same page on a desktop.
func (s *Sandbox) Checkout(ctx context.Context, o Order) (Checkout, error) {
	if err := s.company.remember(ctx, o); err != nil {
		return Checkout{}, err
	}
	kind := QR
	if o.Client == Phone {
		kind = Redirect
	}
	return Checkout{Kind: kind, URL: s.payPage(o)}, nil
}

// ParseEvent verifies a notification of the company, then opens it.
func (s *Sandbox) ParseEvent(_ context.Context, n Notification) (Event, error) {
	return s.opener.open(n)
}

// Query asks the company, which knows the truth even if its notification was lost.
func (s *Sandbox) Query(ctx context.Context, o Order) (Event, error) {
	found, err := s.company.Find(ctx, o.CommunityID, o.ID)
	return found.Event, err
}

// Refund gives back at once.
func (s *Sandbox) Refund(ctx context.Context, r RefundOrder) (RefundResult, error) {
	return s.company.refund(ctx, r)
}
