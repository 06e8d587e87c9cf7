package payment

import (
	"crypto/rsa"
	"net/http"
	"time"
)

// AlipayConfig is an app of Alipay's open platform (支付宝开放平台) in public key mode (公钥模式). [LoadAlipayConfig] reads it.
type AlipayConfig struct {
	App    string // app_id
	Seller string // seller_id, 2088…, whose money it is
	Key    *rsa.PrivateKey
	Public *rsa.PublicKey // Alipay's own, not the app's

	URL       string            // of the gateway
	Transport http.RoundTripper // nil: the ordinary one
	Timeout   time.Duration     // for one call; 0: ten seconds
	Now       func() time.Time
}

const alipayURL = "https://openapi.alipay.com/gateway.do"

// LoadAlipayConfig reads, each as NAME or as a file named in NAME_FILE:
//
//	FUND_ALIPAY_APPID       应用 APPID
//	FUND_ALIPAY_SELLER      收款支付宝账号对应的用户号, 2088…
//	FUND_ALIPAY_KEY         应用私钥
//	FUND_ALIPAY_PUBLIC_KEY  支付宝公钥
//	FUND_ALIPAY_URL         another gateway, such as https://openapi-sandbox.dl.alipaydev.com/gateway.do
//
// ErrNotConfigured where nothing is set, else an ErrSetting for each piece that is missing or wrong.
func LoadAlipayConfig(getenv func(name string) string) (AlipayConfig, error) {
	s := settings{getenv: getenv, prefix: "FUND_ALIPAY_"}
	c := AlipayConfig{
		App:    s.required("APPID", "the app's number (应用APPID)"),
		Seller: s.required("SELLER", "the number of the Alipay account that receives the money (2088…)"),
		Key:    parsed(&s, "KEY", "the app's private key (应用私钥)", parsePrivateKey),
		Public: parsed(&s, "PUBLIC_KEY", "Alipay's public key (支付宝公钥)", parsePublicKey),
		URL:    s.gateway(alipayURL),
		Now:    time.Now,
	}
	if c.Key != nil && c.Public != nil && c.Key.PublicKey.Equal(c.Public) {
		s.wrong("FUND_ALIPAY_PUBLIC_KEY", "is the app's own public key (应用公钥); Alipay shows its own (支付宝公钥) beside it")
	}
	return c, s.err()
}
