package payment_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"errors"
	"maps"
	"math/big"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"fund/campaigns/payment"
)

// environment is what an operator sets.
type environment map[string]string

func (e environment) get(name string) string { return e[name] }

func (e environment) with(pairs ...string) environment {
	e = maps.Clone(e)
	for i := 0; i < len(pairs); i += 2 {
		e[pairs[i]] = pairs[i+1]
	}
	return e
}

func everything() environment {
	return environment{
		"FUND_WECHAT_APPID": wechatApp, "FUND_WECHAT_MCHID": wechatMerchant, "FUND_WECHAT_SERIAL": wechatOwn,
		"FUND_WECHAT_KEY": privatePEM(merchantKey()), "FUND_WECHAT_APIV3_KEY": wechatSealKey,
		"FUND_WECHAT_PLATFORM_KEY": publicPEM(companyKey()), "FUND_WECHAT_PLATFORM_SERIAL": wechatPlatform,
		"FUND_ALIPAY_APPID": alipayApp, "FUND_ALIPAY_SELLER": alipaySeller,
		"FUND_ALIPAY_KEY": privatePEM(merchantKey()), "FUND_ALIPAY_PUBLIC_KEY": publicPEM(companyKey()),
		"FUND_TRANSFER_HOLDER": "流云社区基金", "FUND_TRANSFER_BANK": "成都银行", "FUND_TRANSFER_ACCOUNT": "1001300000123456",
	}
}

func TestFromEnvironment(t *testing.T) {
	t.Parallel()
	if got, err := payment.FromEnvironment(environment{}.get); err != nil || len(got) != 0 {
		t.Errorf("of nothing: %v, %v", got, err)
	}
	got, err := payment.FromEnvironment(everything().get)
	if err != nil {
		t.Fatal(err)
	}
	payees := map[string]string{}
	for _, p := range got {
		payees[p.Name()] = p.(payment.Merchant).Payee()
	}
	if diff := cmp.Diff(map[string]string{"wechat": wechatMerchant, "alipay": alipaySeller, "transfer": "1001300000123456"}, payees); diff != "" {
		t.Error(diff)
	}
}

// Each piece that is missing or wrong is named, and nothing else.
func TestSettingsSayWhatIsWrong(t *testing.T) {
	t.Parallel()
	for name := range everything() {
		if name == "FUND_WECHAT_PLATFORM_SERIAL" {
			continue
		}
		_, err := payment.FromEnvironment(everything().with(name, "").get)
		if !errors.Is(err, payment.ErrSetting) || !strings.HasPrefix(err.Error(), name+" is not set: ") || strings.Contains(err.Error(), "\n") {
			t.Errorf("without %s: %v", name, err)
		}
	}
	short, err := rsa.GenerateKey(rand.Reader, 1024)
	if err != nil {
		t.Fatal(err)
	}
	curve, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	curveDER, err := x509.MarshalPKCS8PrivateKey(curve)
	if err != nil {
		t.Fatal(err)
	}
	empty := filepath.Join(t.TempDir(), "empty.pem")
	if err := os.WriteFile(empty, []byte("\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	tests := map[string]struct{ name, value string }{
		"FUND_WECHAT_PLATFORM_KEY is not WeChat Pay's public key": {"FUND_WECHAT_PLATFORM_SERIAL", ""},
		"a public key has no serial of its own":                   {"FUND_WECHAT_PLATFORM_SERIAL", ""},
		"32":                                                      {"FUND_WECHAT_APIV3_KEY", "short"},
		"FUND_WECHAT_KEY is not the merchant's private key (apiclient_key.pem): neither PEM nor base64": {"FUND_WECHAT_KEY", "!"},
		"neither PKCS #8 nor PKCS #1":             {"FUND_WECHAT_KEY", publicPEM(merchantKey())},
		"fewer than 2048 bits":                    {"FUND_WECHAT_KEY", privatePEM(short)},
		"not an RSA key":                          {"FUND_ALIPAY_KEY", base64.StdEncoding.EncodeToString(curveDER)},
		"an RSA key of fewer":                     {"FUND_ALIPAY_PUBLIC_KEY", publicPEM(short)},
		"the app's own public key":                {"FUND_ALIPAY_PUBLIC_KEY", publicPEM(merchantKey())},
		`a PEM block of type "PRIVATE KEY"`:       {"FUND_WECHAT_PLATFORM_KEY", privatePEM(companyKey())},
		"stands there twice":                      {"FUND_WECHAT_PLATFORM_KEY", publicPEM(companyKey()) + publicPEM(strangerKey())},
		"none of its serials":                     {"FUND_WECHAT_PLATFORM_KEY", certificate(t, companyKey(), 0xABCDEF)},
		"FUND_WECHAT_URL is not an https address": {"FUND_WECHAT_URL", "http://api.mch.weixin.qq.com"},
		"FUND_ALIPAY_URL is not an https address": {"FUND_ALIPAY_URL", "openapi.alipay.com"},
		"FUND_ALIPAY_KEY_FILE; keep one":          {"FUND_ALIPAY_KEY_FILE", empty},
		"has something beside digits":             {"FUND_TRANSFER_ACCOUNT", "zhang@bank"},
	}
	for want, test := range tests {
		_, err := payment.FromEnvironment(everything().with(test.name, test.value).get)
		if !errors.Is(err, payment.ErrSetting) || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "\n") {
			t.Errorf("want %q, got: %v", want, err)
		}
	}
	for path, want := range map[string]string{empty: "is empty", empty + "x": "no such file"} {
		_, err := payment.FromEnvironment(everything().with("FUND_ALIPAY_KEY", "", "FUND_ALIPAY_KEY_FILE", path).get)
		if !errors.Is(err, payment.ErrSetting) || !strings.Contains(err.Error(), want) {
			t.Errorf("want %q, got: %v", want, err)
		}
	}
	_, err = payment.FromEnvironment(environment{"FUND_WECHAT_MCHID": "1", "FUND_TRANSFER_BANK": "1"}.get)
	if lines := strings.Split(err.Error(), "\n"); len(lines) != 7 { // five of WeChat Pay's, two of the bank's
		t.Errorf("not everything at once: %v", err)
	}
}

func certificate(t *testing.T, key *rsa.PrivateKey, serial int64) string {
	t.Helper()
	template := &x509.Certificate{SerialNumber: big.NewInt(serial), NotAfter: now.Add(time.Hour)}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	return string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}))
}

// Keys come from files too, in every form the companies hand them out; and a merchant may hold several of WeChat Pay's keys.
func TestKeysOfEveryForm(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "apiclient_key.pem")
	if err := os.WriteFile(file, []byte(privatePEM(merchantKey())), 0o600); err != nil {
		t.Fatal(err)
	}
	pkcs1 := base64.StdEncoding.EncodeToString(x509.MarshalPKCS1PrivateKey(merchantKey()))
	for _, e := range []environment{
		everything().with("FUND_WECHAT_KEY", "", "FUND_WECHAT_KEY_FILE", file),
		everything().with("FUND_WECHAT_KEY", pkcs1[:64]+"\n"+pkcs1[64:]),
	} {
		c, err := payment.LoadWeChatConfig(e.get)
		if err != nil || !c.Key.Equal(merchantKey()) {
			t.Errorf("%v", err)
		}
	}
	certificates := certificate(t, strangerKey(), 0x0ABCDEF) + certificate(t, merchantKey(), 2)
	c, err := payment.LoadWeChatConfig(everything().with("FUND_WECHAT_PLATFORM_SERIAL", "", "FUND_WECHAT_PLATFORM_KEY", certificates).get)
	if err != nil || c.PlatformMain != "ABCDEF" || !c.Platform["ABCDEF"].Equal(strangerKey().Public()) {
		t.Errorf("certificates: %v, %v", c.PlatformMain, err)
	}
	c, err = payment.LoadWeChatConfig(everything().with("FUND_WECHAT_PLATFORM_KEY", certificates+publicPEM(companyKey())).get)
	serials := slices.Sorted(maps.Keys(c.Platform))
	if diff := cmp.Diff([]string{"02", "ABCDEF", wechatPlatform}, serials); err != nil || c.PlatformMain != wechatPlatform || diff != "" {
		t.Errorf("both: %v\n%s", err, diff)
	}
	n := wechatSigned(strangerKey(), "ABCDEF", wechatSealed(wechatSealKey, (&customer{paid: true, total: realOrder("", "").Amount}).wechat(strings.Repeat("a", 32))), now)
	if _, err := payment.NewWeChat(c).ParseEvent(t.Context(), n); err != nil {
		t.Errorf("signed by the old certificate: %v", err)
	}
	n = wechatSigned(companyKey(), "ABCDEF", n.Body, now)
	if _, err := payment.NewWeChat(c).ParseEvent(t.Context(), n); !errors.Is(err, payment.ErrSignature) {
		t.Errorf("signed by one key under the serial of another: %v", err)
	}
}
