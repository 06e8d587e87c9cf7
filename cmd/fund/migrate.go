package main

import (
	"context"
	"fmt"
	"io"

	"fund/migrations"
)

type migrateCmd struct {
	databaseFlags `embed:""`
	Status        bool `help:"Only say how many migrations wait; exit 1 if any."`
}

// Run applies what is pending. Several may run at once: one applies, the others wait for it.
func (m *migrateCmd) Run(ctx context.Context, out io.Writer) error {
	e, err := m.open(ctx, quiet(), opening{create: !m.Status, migrate: true})
	if err != nil {
		return err
	}
	defer e.Close()
	owner, err := e.owner()
	if err != nil {
		return err
	}
	defer owner.Close()
	if m.Status {
		pending, err := migrations.Pending(ctx, owner)
		if err != nil {
			return err
		}
		fmt.Fprintf(out, "Migrations that wait: %d. 待执行的迁移：%d 个。\n", pending, pending)
		if pending > 0 {
			return errFound
		}
		return nil
	}
	applied, err := migrations.Apply(ctx, owner)
	if err != nil {
		return err
	}
	at, err := migrations.Version(ctx, owner)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(out, "Migrations applied: %d. The schema is at version %d. 执行了 %d 个迁移，现在是第 %d 版。\n", applied, at, applied, at)
	return err
}
