package desk_test

import (
	"testing"

	"github.com/google/uuid"

	"fund/web/auth"
)

// TestARefusedCountKeepsItsFigures holds that who counted too many sheets reads it beside the figures they typed, and that a
// refusal of a press leads back to the page it came from.
func TestARefusedCountKeepsItsFigures(t *testing.T) {
	t.Parallel()
	h := open(t)
	chair := h.as(t, auth.CouncilMember)
	k := h.sits(t, auth.UserSubject(get[uuid.UUID](t, h, `SELECT id FROM auth."user" WHERE login LIKE 'council_member%'`)))
	at := "/c/angong/desk/councils/" + k.Slug + "/motions/new"
	motion := chair.post(at, chair.form(at, "kind", "resolution", "title_zh", "石桌旁边不停车")).Path
	chair.post(motion, chair.form(motion, "do", "open", "until", chair.today()))
	chair.post(motion, chair.form(motion, "do", "sheet", "member", "2"))
	again := chair.post(motion, chair.form(motion, "do", "count", "for", "17", "against", "0", "abstained", "0", "spoilt", "0"))
	wantIn(t, "too many sheets", again.Body, "数出来的票比发出去的多", `value="17"`)
	early := chair.post(motion, chair.form(motion, "do", "close"))
	wantIn(t, "a refused press", early.Body, `href="`+motion+`" data-back`)
}
