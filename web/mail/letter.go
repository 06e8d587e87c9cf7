package mail

import (
	"net/mail"
	"strings"

	"github.com/google/uuid"

	"fund/web/i18n"
)

// Letter is a message to one person.
type Letter struct {
	// Key is the same when the letter is tried again; the Message-ID is made of it.
	Key     uuid.UUID
	To      Person
	Lang    i18n.Lang // Chinese where it is none of ours
	Content Content
	// Unsubscribe is the path on this site that ends such letters: GET asks, one POST does it (RFC 8058). Empty for letters that
	// answer what the reader did.
	Unsubscribe string
	Files       []File
}

// Person is whom a letter is for. Name may be empty.
type Person struct{ Name, Address string }

// Content is what a letter says: a value that its templates, letters/<Template>.<language>.txt, draw.
type Content interface{ Template() string }

// File is attached to a letter.
type File struct {
	Name string // receipt-2017-000874.pdf
	Type string // application/pdf
	Data []byte
}

// Key is the key of one of several letters that follow from one message of the outbox.
func Key(message, person uuid.UUID) uuid.UUID { return uuid.NewSHA1(message, person[:]) }

// Mask hides an address but for its first letter and its domain: z***@example.org.
func Mask(address string) string {
	user, domain, ok := strings.Cut(address, "@")
	if !ok || user == "" {
		return "***"
	}
	return string([]rune(user)[:1]) + "***@" + domain
}

// address is where the person's letters go; false if that is no address.
func (p Person) address() (*mail.Address, bool) {
	parsed, err := mail.ParseAddress(p.Address)
	if err != nil || parsed.Address != p.Address || strings.ContainsFunc(p.Address, isControl) {
		return nil, false
	}
	return &mail.Address{Name: line(p.Name), Address: p.Address}, true
}
