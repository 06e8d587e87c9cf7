package payment

import (
	"crypto"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"errors"
	"fmt"
	"strings"
)

// rsaBitsMin is the shortest key both companies hand out.
const rsaBitsMin = 2048

var errShortKey = fmt.Errorf("an RSA key of fewer than %d bits", rsaBitsMin)

// parsePrivateKey reads a merchant's key: PEM, or the bare base64 that Alipay's key tool writes; PKCS #8 or PKCS #1.
func parsePrivateKey(text string) (*rsa.PrivateKey, error) {
	der, err := derOf(text)
	if err != nil {
		return nil, err
	}
	key, err := x509.ParsePKCS1PrivateKey(der)
	if err != nil {
		any, err := x509.ParsePKCS8PrivateKey(der)
		if err != nil {
			return nil, errors.New("neither PKCS #8 nor PKCS #1") // never the parser's words about a secret
		}
		var ok bool
		if key, ok = any.(*rsa.PrivateKey); !ok {
			return nil, errors.New("not an RSA key")
		}
	}
	if key.N.BitLen() < rsaBitsMin {
		return nil, errShortKey
	}
	return key, nil
}

// parsePublicKey reads a company's key: PEM or bare base64, PKIX.
func parsePublicKey(text string) (*rsa.PublicKey, error) {
	der, err := derOf(text)
	if err != nil {
		return nil, err
	}
	any, err := x509.ParsePKIXPublicKey(der)
	if err != nil {
		return nil, err
	}
	return asRSA(any)
}

func asRSA(public any) (*rsa.PublicKey, error) {
	key, ok := public.(*rsa.PublicKey)
	if !ok {
		return nil, errors.New("not an RSA key")
	}
	if key.N.BitLen() < rsaBitsMin {
		return nil, errShortKey
	}
	return key, nil
}

func derOf(text string) ([]byte, error) {
	if block, _ := pem.Decode([]byte(text)); block != nil {
		return block.Bytes, nil
	}
	der, err := base64.StdEncoding.DecodeString(strings.Join(strings.Fields(text), ""))
	if err != nil {
		return nil, errors.New("neither PEM nor base64")
	}
	return der, nil
}

// signRSA is SHA256withRSA in base64: WECHATPAY2-SHA256-RSA2048 and Alipay's RSA2 alike.
func signRSA(key *rsa.PrivateKey, message []byte) (string, error) {
	digest := sha256.Sum256(message)
	signature, err := rsa.SignPKCS1v15(nil, key, crypto.SHA256, digest[:])
	return base64.StdEncoding.EncodeToString(signature), err
}

// decodeSignature takes base64 in one spelling only, so that a signature has no second form.
func decodeSignature(text string) ([]byte, error) {
	if strings.ContainsAny(text, "\r\n") {
		return nil, ErrSignature
	}
	return base64.StdEncoding.Strict().DecodeString(text)
}

func verifyRSA(key *rsa.PublicKey, message, signature []byte) bool {
	digest := sha256.Sum256(message)
	return rsa.VerifyPKCS1v15(key, crypto.SHA256, digest[:], signature) == nil
}
