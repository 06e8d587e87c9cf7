package auth_test

import (
	"strings"
	"testing"
	"time"

	"fund/web/auth"
)

// Rows are permissions, columns are roles; x may, . may not.
const expectedPermissions = `
                  administrator treasurer auditor shift_lead cashier project_lead council_member
read_desk         x             x         x       x          x       x            x
read_books        .             x         x       .          .       .            .
read_donors       .             x         x       .          .       .            .
read_audit        x             x         x       .          .       .            .
post_entry        .             x         .       .          .       .            .
enter_cash        .             x         .       .          x       .            .
sell_at_till      .             x         .       x          x       .            .
lead_shift        .             x         .       x          .       .            .
refund_donation   .             x         .       .          .       .            .
reconcile         .             x         .       .          .       .            .
close_period      .             x         .       .          .       .            .
reopen_period     .             x         .       .          .       .            x
manage_accounts   .             x         .       .          .       .            .
manage_campaign   .             x         .       .          .       x            .
publish_campaign  .             x         .       .          .       .            .
manage_sale       .             x         .       .          .       .            .
manage_project    .             .         .       .          .       x            .
report_outcome    .             .         .       .          .       x            .
arrange_help      .             .         .       .          .       x            .
manage_organisation .           x         .       .          .       x            .
vote_motion       .             .         .       .          .       .            x
request_payment   .             x         .       .          .       x            .
approve_payment   .             x         .       .          .       .            x
pay_request       .             x         .       .          .       .            .
manage_people     x             .         .       .          .       .            .
manage_community  x             .         .       .          .       .            .
`

func TestWhoMayDoWhat(t *testing.T) {
	t.Parallel()
	lines := strings.Split(strings.TrimSpace(expectedPermissions), "\n")
	roles := strings.Fields(lines[0])
	if len(roles) != len(auth.Roles) {
		t.Fatalf("%d roles expected, there are %d", len(roles), len(auth.Roles))
	}
	if want := len(auth.Permissions()); len(lines)-1 != want {
		t.Errorf("%d permissions expected, there are %d", len(lines)-1, want)
	}
	for _, line := range lines[1:] {
		cells := strings.Fields(line)
		for i, role := range roles {
			p, want := auth.Permission(cells[0]), cells[i+1] == "x"
			u := auth.User{Roles: auth.RolesByCommunity{home: {auth.Role(role)}}}
			if got := u.Can(p, home); got != want {
				t.Errorf("%s may %s: %t, want %t", role, p, got, want)
			}
			if u.Can(p, elsewhere) {
				t.Errorf("%s may %s in another community", role, p)
			}
			u.DisabledAt = &time.Time{}
			if u.Can(p, home) {
				t.Errorf("disabled %s may %s", role, p)
			}
		}
	}
}
