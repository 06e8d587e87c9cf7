// Package payment talks to payment providers, a file each. A [Provider] makes an order a donor can pay (Checkout), reads what
// the provider says about it (ParseEvent, verified before a byte of it is believed), asks when the provider stays silent
// (Query), and gives money back (Refund).
//
// It never decides what a payment means: whether an event settles a donation, is a repeat or belongs in quarantine is for
// campaigns to say; [Differs] only compares. It never keeps a merchant's key anywhere but in memory: keys come from files or
// the environment.
//
// A webhook, start to end:
//
//	provider, err := providers.Named("sandbox")
//	event, err := provider.ParseEvent(ctx, payment.Notification{Header: header, Body: body, At: time.Now()})
//	switch {
//	case errors.Is(err, payment.ErrSignature), errors.Is(err, payment.ErrStale): // 401, nothing changes
//	case errors.Is(err, payment.ErrMalformed): // 422: signed, yet not to be understood
//	}
//	if reason, differs := payment.Differs(order, event); differs { // quarantine: no receipt, no entry to income
//	}
//
// [WeChat], [Alipay] and [Transfer] take real money; [FromEnvironment] makes those that are configured:
//
//	enabled, err := payment.FromEnvironment(os.Getenv) // FUND_WECHAT_…, FUND_ALIPAY_…, FUND_TRANSFER_…
//	providers, err := payment.NewProviders(append(enabled, payment.Cash{})...)
//
// [Sandbox] is the provider of the demo and of every test. It speaks the notification format of WeChat Pay v3 with a local
// HMAC key, and [Counterpart] plays the company at the other end: late, repeated, lost, forged, on request.
package payment
