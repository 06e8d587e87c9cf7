package payment

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"strings"
)

const wechatScheme = "WECHATPAY2-SHA256-RSA2048"

func (w *WeChat) get(ctx context.Context, path string, out any) error {
	return w.call(ctx, http.MethodGet, path, nil, out)
}

func (w *WeChat) post(ctx context.Context, path string, in, out any) error {
	body, err := json.Marshal(in)
	if err != nil {
		return fmt.Errorf("payment: wechat: %w", err)
	}
	return w.call(ctx, http.MethodPost, path, body, out)
}

// call signs a request and believes only an answer that is signed. A refusal may come unsigned, as WeChat Pay's own
// libraries accept it: it moves no money, and TLS vouches for it.
func (w *WeChat) call(ctx context.Context, method, path string, body []byte, out any) error {
	r, err := http.NewRequestWithContext(ctx, method, w.config.URL+path, bytes.NewReader(body))
	if err != nil {
		return fmt.Errorf("payment: wechat: %w", err)
	}
	if err := w.sign(r, body); err != nil {
		return err
	}
	a, err := w.gateway.ask(r)
	if err != nil {
		return err
	}
	good := a.status >= 200 && a.status < 300
	if good || a.header.Get("Wechatpay-Signature") != "" {
		if err := w.opener.authentic(Notification{Header: a.header.Get, Body: a.body, At: w.config.Now()}); err != nil {
			return fmt.Errorf("%w: its answer cannot be believed: %v", ErrProviderDown, err) //nolint:errorlint // the signature is theirs, not a notification's
		}
	}
	if !good {
		return wechatRefusal(a)
	}
	if err := json.Unmarshal(a.body, out); err != nil {
		return fmt.Errorf("%w: %w", ErrMalformed, err)
	}
	return nil
}

func (w *WeChat) sign(r *http.Request, body []byte) error {
	timestamp, nonce := strconv.FormatInt(w.config.Now().Unix(), 10), rand.Text()
	message := strings.Join([]string{r.Method, r.URL.RequestURI(), timestamp, nonce, string(body), ""}, "\n")
	signature, err := signRSA(w.config.Key, []byte(message))
	if err != nil {
		return fmt.Errorf("payment: wechat: %w", err)
	}
	r.Header.Set("Authorization", fmt.Sprintf(`%s mchid="%s",nonce_str="%s",signature="%s",timestamp="%s",serial_no="%s"`,
		wechatScheme, w.config.Merchant, nonce, signature, timestamp, w.config.Serial))
	r.Header.Set("Wechatpay-Serial", w.config.PlatformMain)
	r.Header.Set("Accept", "application/json")
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("User-Agent", "fund")
	return nil
}

// wechatLater are refusals that end by themselves, or when the operator mends the merchant's account: what was asked for
// shall be asked for again.
var wechatLater = map[string]bool{
	"SYSTEM_ERROR": true, "BANK_ERROR": true, "BIZERR_NEED_RETRY": true, "FREQUENCY_LIMITED": true, "FREQUENCY_LIMIT_EXCEED": true,
	"RATELIMIT_EXCEEDED": true, "NOT_ENOUGH": true, "SIGN_ERROR": true, "NO_AUTH": true,
}

func wechatRefusal(a answer) error {
	var said struct{ Code, Message string }
	_ = json.Unmarshal(a.body, &said) // without a code the status alone speaks
	kind := ErrRefused
	switch {
	case wechatLater[said.Code], a.status == http.StatusUnauthorized:
		kind = ErrProviderDown
	case said.Code == "ORDER_NOT_EXIST", said.Code == "ORDERNOTEXIST", said.Code == "RESOURCE_NOT_EXISTS":
		kind = ErrUnknownOrder
	case said.Code == "": // not WeChat Pay: something between us
		kind = ErrProviderDown
	}
	return fmt.Errorf("%w: %d %s: %s", kind, a.status, said.Code, said.Message)
}
