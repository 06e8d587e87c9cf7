package payment

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// alipaySigned is the string RSA2 signs: "k=v" sorted by k, joined by "&", not escaped.
func alipaySigned(form map[string]string) []byte {
	pairs := make([]string, 0, len(form))
	for _, k := range slices.Sorted(maps.Keys(form)) {
		pairs = append(pairs, k+"="+form[k])
	}
	return []byte(strings.Join(pairs, "&"))
}

// form is a signed request; more are further names and values in turn. A request signs its sign_type, a notification does not.
func (a *Alipay) form(method string, content any, more ...string) (url.Values, error) {
	text, err := json.Marshal(content)
	if err != nil {
		return nil, fmt.Errorf("payment: alipay: %w", err)
	}
	form := map[string]string{
		"app_id": a.config.App, "method": method, "format": "JSON", "charset": "utf-8", "sign_type": "RSA2", "version": "1.0",
		"timestamp": a.config.Now().In(china).Format(alipayTime), "biz_content": string(text),
	}
	for pair := range slices.Chunk(more, 2) {
		if pair[1] != "" { // nothing empty is signed
			form[pair[0]] = pair[1]
		}
	}
	if form["sign"], err = signRSA(a.config.Key, alipaySigned(form)); err != nil {
		return nil, fmt.Errorf("payment: alipay: %w", err)
	}
	values := make(url.Values, len(form))
	for k, v := range form {
		values.Set(k, v)
	}
	return values, nil
}

// authentic returns what a notification says, or ErrSignature. Everything in it is signed but sign and sign_type.
func (a *Alipay) authentic(body []byte) (map[string]string, error) {
	values, err := url.ParseQuery(string(body))
	if err != nil {
		return nil, ErrSignature
	}
	form := make(map[string]string, len(values))
	for k, v := range values {
		if len(v) != 1 {
			return nil, ErrSignature
		}
		form[k] = v[0]
	}
	sign := form["sign"]
	if form["sign_type"] != "RSA2" {
		return nil, ErrSignature
	}
	delete(form, "sign")
	delete(form, "sign_type")
	if !a.verify(alipaySigned(form), sign) {
		return nil, ErrSignature
	}
	return form, nil
}

func (a *Alipay) verify(message []byte, sign string) bool {
	signature, err := decodeSignature(sign)
	return err == nil && verifyRSA(a.config.Public, message, signature)
}

// alipayOutcome is part of every answer.
type alipayOutcome struct {
	Code       string `json:"code"`
	Message    string `json:"msg"`
	SubCode    string `json:"sub_code"`
	SubMessage string `json:"sub_msg"`
}

// call asks the gateway and believes only an answer that is signed, be it a refusal.
func (a *Alipay) call(ctx context.Context, method string, content, out any, more ...string) error {
	form, err := a.form(method, content, more...)
	if err != nil {
		return err
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, a.config.URL+"?charset=utf-8", strings.NewReader(form.Encode()))
	if err != nil {
		return fmt.Errorf("payment: alipay: %w", err)
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded; charset=utf-8")
	r.Header.Set("User-Agent", "fund")
	got, err := a.gateway.ask(r)
	if err != nil {
		return err
	}
	said, err := a.signedPart(method, got.body)
	if err != nil {
		return err
	}
	var outcome alipayOutcome
	if err := json.Unmarshal(said, &outcome); err != nil {
		return fmt.Errorf("%w: %w", ErrMalformed, err)
	}
	if outcome.Code != alipayDone {
		return outcome.refusal()
	}
	if err := json.Unmarshal(said, out); err != nil {
		return fmt.Errorf("%w: %w", ErrMalformed, err)
	}
	return nil
}

// signedPart is the one member of the answer that is signed, byte by byte as it stands there.
func (a *Alipay) signedPart(method string, body []byte) (json.RawMessage, error) {
	var parts map[string]json.RawMessage
	if err := json.Unmarshal(body, &parts); err != nil {
		return nil, fmt.Errorf("%w: its answer cannot be read: %w", ErrProviderDown, err)
	}
	said, ok := parts[strings.ReplaceAll(method, ".", "_")+"_response"]
	if !ok {
		said = parts["error_response"]
	}
	var sign string
	if err := json.Unmarshal(parts["sign"], &sign); err != nil || !a.verify(said, sign) {
		return nil, fmt.Errorf("%w: its answer is not signed by the key in FUND_ALIPAY_PUBLIC_KEY", ErrProviderDown)
	}
	return said, nil
}

// The codes of answers: done, and refused for a reason in the business, which the sub-code names. All others mean that the
// gateway is ill or our account is set up wrongly.
const (
	alipayDone    = "10000"
	alipayRefused = "40004"
)

// alipayLater are refusals that end by themselves, or when the operator fills the account.
var alipayLater = map[string]bool{
	"ACQ.SYSTEM_ERROR": true, "AOP.ACQ.SYSTEM_ERROR": true, "ACQ.SELLER_BALANCE_NOT_ENOUGH": true, "ACQ.REFUND_CHARGE_ERROR": true,
}

func (o alipayOutcome) refusal() error {
	kind := ErrProviderDown
	switch {
	case o.SubCode == "ACQ.TRADE_NOT_EXIST":
		kind = ErrUnknownOrder
	case o.Code == alipayRefused && !alipayLater[strings.ToUpper(o.SubCode)]:
		kind = ErrRefused
	}
	return fmt.Errorf("%w: %s %s %s: %s", kind, o.Code, o.Message, o.SubCode, o.SubMessage)
}
