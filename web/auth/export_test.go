package auth

import "context"

// Hashed is how many passwords the gate has compared.
func (g *Gate) Hashed() int64 { return g.hashed.Load() }

// TakeTurn takes one of the two turns at hashing.
func TakeTurn(ctx context.Context) (done func(), err error) { return takeTurn(ctx) }

// Permissions lists every permission in the table.
func Permissions() (all []Permission) {
	for p := range mayBy {
		all = append(all, p)
	}
	return all
}
