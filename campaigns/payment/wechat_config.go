package payment

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/rsa"
	"crypto/x509"
	"encoding/hex"
	"encoding/pem"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"
)

// WeChatConfig is a merchant of WeChat Pay (商户平台 → 账户中心 → API安全). [LoadWeChatConfig] reads it.
type WeChatConfig struct {
	App          string // appid of the official account or mini program the merchant is bound to
	Merchant     string // mchid
	Serial       string // of the merchant's own certificate
	Key          *rsa.PrivateKey
	Seal         cipher.AEAD // AES-256-GCM under the APIv3 key
	Platform     map[string]*rsa.PublicKey
	PlatformMain string // the serial in Platform that their answers shall be signed by

	URL       string            // of the gateway
	Transport http.RoundTripper // nil: the ordinary one
	Timeout   time.Duration     // for one call; 0: ten seconds
	Now       func() time.Time
}

const wechatURL = "https://api.mch.weixin.qq.com"

// LoadWeChatConfig reads, each as NAME or as a file named in NAME_FILE:
//
//	FUND_WECHAT_APPID            公众号或小程序的 APPID
//	FUND_WECHAT_MCHID            商户号
//	FUND_WECHAT_SERIAL           商户 API 证书序列号
//	FUND_WECHAT_KEY              商户 API 私钥 (apiclient_key.pem)
//	FUND_WECHAT_APIV3_KEY        APIv3 密钥, 32 bytes
//	FUND_WECHAT_PLATFORM_KEY     微信支付公钥 (pub_key.pem), platform certificates, or both one after the other
//	FUND_WECHAT_PLATFORM_SERIAL  微信支付公钥ID (PUB_KEY_ID_…); a certificate brings its own serial
//	FUND_WECHAT_URL              another gateway, such as https://api2.mch.weixin.qq.com
//
// ErrNotConfigured where nothing is set, else an ErrSetting for each piece that is missing or wrong.
func LoadWeChatConfig(getenv func(name string) string) (WeChatConfig, error) {
	s := settings{getenv: getenv, prefix: "FUND_WECHAT_"}
	c := WeChatConfig{
		App:      s.required("APPID", "the APPID (wx…) that the merchant is bound to"),
		Merchant: s.required("MCHID", "the merchant number (商户号)"),
		Serial:   s.required("SERIAL", "the serial of the merchant's API certificate (商户API证书序列号)"),
		Key:      parsed(&s, "KEY", "the merchant's private key (apiclient_key.pem)", parsePrivateKey),
		Seal:     parsed(&s, "APIV3_KEY", "the APIv3 key (APIv3密钥)", parseSealKey),
		URL:      s.gateway(wechatURL),
		Now:      time.Now,
	}
	c.PlatformMain = s.optional("PLATFORM_SERIAL")
	c.Platform = parsed(&s, "PLATFORM_KEY", "WeChat Pay's public key or certificates (微信支付公钥 pub_key.pem)", c.parsePlatform)
	return c, s.err()
}

func parseSealKey(text string) (cipher.AEAD, error) {
	if len(text) != 32 {
		return nil, fmt.Errorf("%d bytes long instead of 32", len(text))
	}
	block, err := aes.NewCipher([]byte(text))
	if err != nil {
		return nil, err
	}
	return cipher.NewGCM(block)
}

// parsePlatform reads public keys and certificates one after the other, so that a merchant can move from one to the other
// without losing a notification. Where PlatformMain is not set, the first certificate becomes it.
func (c *WeChatConfig) parsePlatform(text string) (map[string]*rsa.PublicKey, error) {
	keys := map[string]*rsa.PublicKey{}
	named := c.PlatformMain != ""
	for block, rest := pem.Decode([]byte(text)); block != nil; block, rest = pem.Decode(rest) {
		serial, key, err := c.parsePlatformKey(block, named)
		if err != nil {
			return nil, err
		}
		if _, twice := keys[serial]; twice {
			return nil, fmt.Errorf("the serial %s stands there twice", serial)
		}
		keys[serial] = key
		if c.PlatformMain == "" {
			c.PlatformMain = serial
		}
	}
	if len(keys) == 0 {
		return nil, errors.New("no PEM in it")
	}
	if _, ok := keys[c.PlatformMain]; !ok {
		return nil, fmt.Errorf("none of its serials is FUND_WECHAT_PLATFORM_SERIAL, %s", c.PlatformMain)
	}
	return keys, nil
}

func (c *WeChatConfig) parsePlatformKey(block *pem.Block, named bool) (serial string, key *rsa.PublicKey, err error) {
	switch block.Type {
	case "CERTIFICATE":
		certificate, err := x509.ParseCertificate(block.Bytes)
		if err != nil {
			return "", nil, err
		}
		key, err = asRSA(certificate.PublicKey)
		return strings.ToUpper(hex.EncodeToString(certificate.SerialNumber.Bytes())), key, err
	case "PUBLIC KEY":
		if !named {
			return "", nil, errors.New("a public key has no serial of its own: set FUND_WECHAT_PLATFORM_SERIAL to its 公钥ID (PUB_KEY_ID_…)")
		}
		key, err = parsePublicKey(string(pem.EncodeToMemory(block)))
		return c.PlatformMain, key, err
	}
	return "", nil, fmt.Errorf("a PEM block of type %q", block.Type)
}

func (c WeChatConfig) opener() opener {
	return opener{prefix: "Wechatpay", aead: c.Seal, app: c.App, verify: func(serial string, message, signature []byte) bool {
		key, known := c.Platform[serial]
		return known && verifyRSA(key, message, signature)
	}}
}
