package payment

import (
	"errors"
	"fmt"
	"maps"
	"slices"
)

// What is wrong with a choice of providers.
var (
	ErrUnknownProvider = errors.New("payment: no such provider is enabled")
	ErrNotConfigured   = errors.New("payment: nothing is set for this provider")
	ErrSandboxWithReal = errors.New("payment: the sandbox cannot be enabled together with a real provider")
)

// Providers are those enabled in this installation. Only [NewProviders] fills it, so that pretend money and real money can
// never be taken side by side.
type Providers struct{ byName map[string]Provider }

// NewProviders enables providers. It refuses two of one name, and the sandbox beside any provider that moves real money.
func NewProviders(enabled ...Provider) (Providers, error) {
	byName := make(map[string]Provider, len(enabled))
	pretend, moneyed, twice := false, "", ""
	for _, p := range enabled {
		if _, again := byName[p.Name()]; again {
			twice = p.Name()
		}
		byName[p.Name()] = p
		switch p := p.(type) {
		case *Sandbox:
			pretend = true
		case Cash: // stands beside either: the desk exists in the demo too
		case *Transfer:
			if pretend = pretend || p.pretend; !p.pretend {
				moneyed = p.Name()
			}
		default:
			moneyed = p.Name()
		}
	}
	if pretend && moneyed != "" {
		return Providers{}, fmt.Errorf("%w: %q", ErrSandboxWithReal, moneyed)
	}
	if twice != "" {
		return Providers{}, fmt.Errorf("payment: provider %q is enabled twice", twice)
	}
	return Providers{byName}, nil
}

// FromEnvironment makes the providers that move real money and are configured: WeChat Pay where any FUND_WECHAT_… is set,
// Alipay where any FUND_ALIPAY_… is, bank transfers where any FUND_TRANSFER_… is. The error names every missing piece.
func FromEnvironment(getenv func(name string) string) (configured []Provider, err error) {
	var errs []error
	for _, load := range []func() (Provider, error){
		func() (Provider, error) { return loaded(getenv, LoadWeChatConfig, NewWeChat) },
		func() (Provider, error) { return loaded(getenv, LoadAlipayConfig, NewAlipay) },
		func() (Provider, error) { return loaded(getenv, LoadTransferConfig, NewTransfer) },
	} {
		p, err := load()
		switch {
		case errors.Is(err, ErrNotConfigured):
		case err != nil:
			errs = append(errs, err)
		default:
			configured = append(configured, p)
		}
	}
	return configured, errors.Join(errs...)
}

func loaded[C any, P Provider](getenv func(string) string, load func(func(string) string) (C, error), make func(C) P) (Provider, error) {
	c, err := load(getenv)
	if err != nil {
		return nil, err
	}
	return make(c), nil
}

// Named returns an enabled provider, or ErrUnknownProvider.
func (ps Providers) Named(name string) (Provider, error) {
	if p, ok := ps.byName[name]; ok {
		return p, nil
	}
	return nil, fmt.Errorf("%w: %q", ErrUnknownProvider, name)
}

// Names lists the enabled providers in alphabetical order.
func (ps Providers) Names() []string { return slices.Sorted(maps.Keys(ps.byName)) }
