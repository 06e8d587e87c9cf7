package auth

import (
	"net/netip"
	"strings"
)

// From is where a request comes from. What is kept of it is shortened: see Network and Agent.
type From struct {
	Address   string // the client's full IP address; only its network is stored
	UserAgent string // the header as sent; only browser and system are stored
}

// Network is the address shortened to its neighbourhood: "203.0.113.0/24", "2001:db8:1::/48", or "".
func (f From) Network() string { return f.prefix(24, 48) }

// Subscriber is what failures and tries are counted under: an IPv6 subscriber has a whole /64 to choose from.
func (f From) Subscriber() string { return f.prefix(32, 64) }

func (f From) prefix(v4, v6 int) string {
	address, err := netip.ParseAddr(f.Address)
	if err != nil {
		return ""
	}
	address = address.Unmap().WithZone("")
	bits := v6
	if address.Is4() {
		bits = v4
	}
	network, err := address.Prefix(bits)
	if err != nil {
		return ""
	}
	return network.String()
}

// Looked for in this order: many browsers carry the names of others.
var (
	browsers = []struct{ mark, name string }{
		{"MicroMessenger", "WeChat"},
		{"AlipayClient", "Alipay"},
		{"Edg", "Edge"},
		{"OPR/", "Opera"},
		{"Firefox", "Firefox"},
		{"FxiOS", "Firefox"},
		{"Chrome", "Chrome"},
		{"CriOS", "Chrome"},
		{"Safari", "Safari"},
		{"curl", "curl"},
	}
	systems = []struct{ mark, name string }{
		{"HarmonyOS", "HarmonyOS"},
		{"Android", "Android"},
		{"iPhone", "iPhone"},
		{"iPad", "iPad"},
		{"Windows", "Windows"},
		{"Mac OS", "macOS"},
		{"Linux", "Linux"},
	}
)

// Agent is the browser and the system by their names, such as "WeChat, Android", or "".
func (f From) Agent() string {
	var names []string
	for _, table := range [][]struct{ mark, name string }{browsers, systems} {
		for _, row := range table {
			if strings.Contains(f.UserAgent, row.mark) {
				names = append(names, row.name)
				break
			}
		}
	}
	return strings.Join(names, ", ")
}
