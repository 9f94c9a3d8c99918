package main

import (
	"testing"

	"throughline/internal/kit/db/dbtest"
)

// What needs no key file asks for none.
func TestCommandsOnPostgreSQL(t *testing.T) {
	where := dbtest.Postgres(t)
	for _, args := range [][]string{
		{"migrate"},
		{"organisation", "create", "acme", "Acme", "--administrator", "Ada", "--mail", "ada@acme.example"},
		{"organisation", "change", "acme", "--name", "Acme Ltd"},
		{"account", "link", "--mail", "ada@acme.example"},
	} {
		if out, errors, status := command(t, append(args, "--db", where)...); status != 0 {
			t.Errorf("%v: %d %s %s", args, status, out, errors)
		}
	}
}
