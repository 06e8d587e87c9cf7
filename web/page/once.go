package page

import (
	"crypto/sha256"

	"github.com/google/uuid"
)

// Once is the id of what one press of a form's button does: the same for a second press of the same thing, another as
// soon as one of the fields, or what the form is about (such as the campaign in its address), is another. The form carries the id of its own showing in the hidden field "form";
// see FormID. The browser's own form token goes in too: many share a page that is kept, and nobody can guess another's id. The
// clock of a version 7 stays in front, so that rows keep their order of time.
func (f *Form) Once(about string, fields ...string) uuid.UUID {
	shown, err := uuid.Parse(f.Typed("form"))
	if err != nil {
		return uuid.Must(uuid.NewV7())
	}
	h := sha256.New()
	h.Write([]byte(about + "\x00"))
	for _, field := range append(fields, "csrf", "form") {
		h.Write([]byte(f.Typed(field) + "\x00"))
	}
	id := uuid.UUID(h.Sum(nil)[:16])
	copy(id[:6], shown[:6])
	id[6], id[8] = id[6]&0x0f|0x70, id[8]&0x3f|0x80
	return id
}

// FormID is what the hidden field "form" holds: of the showing that was sent, or of a new one.
func (f *Form) FormID() string {
	if shown, err := uuid.Parse(f.Typed("form")); err == nil {
		return shown.String()
	}
	return uuid.Must(uuid.NewV7()).String()
}
