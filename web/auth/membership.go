package auth

import (
	"context"
	"fmt"
	"slices"

	"github.com/google/uuid"
	"github.com/jmoiron/sqlx"
)

// Grant gives somebody a role in by's community. Errors: ErrRoleUnknown, ErrUserUnknown, ErrDutiesApart,
// ErrOneself, ErrForbidden.
func (g *Gate) Grant(ctx context.Context, tx *sqlx.Tx, by By, id uuid.UUID, role Role) error {
	return g.changeRole(ctx, tx, by, id, role, "role.grant", `
		INSERT INTO auth.membership AS m (community_id, user_id, roles) VALUES ($1, $2, ARRAY[$3::text])
		ON CONFLICT (community_id, user_id) DO UPDATE SET roles = array_append(array_remove(m.roles, $3), $3)`)
}

// RevokeRole takes a role in by's community from somebody; it is no error if they lack it. Errors as for
// Grant.
func (g *Gate) RevokeRole(ctx context.Context, tx *sqlx.Tx, by By, id uuid.UUID, role Role) error {
	return g.changeRole(ctx, tx, by, id, role, "role.revoke", `
		UPDATE auth.membership SET roles = array_remove(roles, $3) WHERE community_id = $1 AND user_id = $2`)
}

func (g *Gate) changeRole(
	ctx context.Context, tx *sqlx.Tx, by By, id uuid.UUID, role Role, verb, write string,
) error {
	if !slices.Contains(Roles, role) {
		return ErrRoleUnknown
	}
	if id == by.User {
		return ErrOneself
	}
	if err := g.mayManage(ctx, tx, by); err != nil {
		return err
	}
	if _, err := g.FindUser(ctx, tx, id); err != nil {
		return err
	}
	_, err := tx.ExecContext(ctx, write, by.Community, id, string(role))
	if hasCode(err, "23514") { // the role is known, so it is the separation of duties
		return ErrDutiesApart
	}
	if err != nil {
		return fmt.Errorf("auth: %s: %w", verb, err)
	}
	event := by.event(verb, id)
	event.Detail = map[string]any{"role": role}
	return Record(ctx, tx, event)
}
