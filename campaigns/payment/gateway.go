package payment

import (
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"
	"unicode"
)

const (
	patience  = 10 * time.Second // with a company, before it counts as down
	answerMax = 1 << 20          // bytes; real answers are a few thousand
)

// china is the clock of both companies.
var china = time.FixedZone("UTC+8", 8*60*60)

// answer is what a company's gateway said, not verified yet.
type answer struct {
	status int
	header http.Header
	body   []byte
}

// gateway calls a company. Nothing is ever followed to another address.
type gateway struct{ client http.Client }

func newGateway(transport http.RoundTripper, timeout time.Duration) gateway {
	if timeout == 0 {
		timeout = patience
	}
	return gateway{http.Client{
		Transport: transport, Timeout: timeout,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
}

// ask is ErrProviderDown where there is no answer, or one that means "later": 429, 5xx, an endless body.
func (g *gateway) ask(r *http.Request) (answer, error) {
	response, err := g.client.Do(r)
	if err != nil {
		return answer{}, fmt.Errorf("%w: %w", ErrProviderDown, err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(io.LimitReader(response.Body, answerMax+1))
	code := response.StatusCode
	switch {
	case err != nil:
		return answer{}, fmt.Errorf("%w: %w", ErrProviderDown, err)
	case len(body) > answerMax:
		return answer{}, fmt.Errorf("%w: an answer of more than %d bytes", ErrProviderDown, answerMax)
	case code == http.StatusTooManyRequests, code >= 500:
		return answer{}, fmt.Errorf("%w: %s", ErrProviderDown, response.Status)
	}
	return answer{code, response.Header, body}, nil
}

// walletLine is a text as both companies take it for a donor's wallet: WeChat Pay knows no character beyond the basic plane,
// Alipay none of "/=&", and both count.
func walletLine(text string, bytesMax int) string {
	var line strings.Builder
	for _, r := range text {
		if r > '\uFFFF' || unicode.IsControl(r) || strings.ContainsRune("/=&", r) {
			r = ' '
		}
		if line.Len()+len(string(r)) > bytesMax {
			break
		}
		line.WriteRune(r)
	}
	return strings.Join(strings.Fields(line.String()), " ")
}
