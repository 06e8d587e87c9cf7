package api

import (
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/gofiber/fiber/v2"
	"github.com/jmoiron/sqlx"
	"golang.org/x/mod/sumdb/tlog"

	"fund/ledger"
	"fund/ledger/transparency"
	"fund/web/page"
)

// proofLinesMax is the C2SP protocol's.
const proofLinesMax = 63

// refusals are what a witness answers to a checkpoint that it does not countersign, as C2SP tlog-witness says.
var refusals = []struct {
	err    error
	status int
}{
	{transparency.ErrUnknownLog, fiber.StatusNotFound},
	{transparency.ErrSignature, fiber.StatusForbidden},
	{transparency.ErrMalformed, fiber.StatusBadRequest},
	{transparency.ErrBackwards, fiber.StatusBadRequest},
	{transparency.ErrForked, fiber.StatusConflict},
	{transparency.ErrNotNext, fiber.StatusConflict},
	{transparency.ErrProof, fiber.StatusUnprocessableEntity},
}

// AddCheckpoint countersigns a checkpoint of a log that the community watches (C2SP tlog-witness, add-checkpoint).
func (e *Endpoints) AddCheckpoint(c *fiber.Ctx) error {
	old, path, signed, err := parseSubmission(string(c.Body()))
	if err != nil {
		return c.SendStatus(fiber.StatusBadRequest)
	}
	community := page.Of(c).Community
	as, err := e.Witness(community.Slug)
	if err != nil {
		return err
	}
	var line string
	var size int64
	var refused error
	err = ledger.InTx(c.UserContext(), e.DB, func(tx *sqlx.Tx) (err error) {
		line, size, refused = transparency.Countersign(c.UserContext(), tx, community.ID, as, old, path, signed, e.Now())
		if statusOf(refused) == 0 {
			return refused
		}
		return nil // and the proof of a fork is kept
	})
	switch status := statusOf(refused); {
	case err != nil:
		return err
	case status == fiber.StatusConflict:
		c.Set(fiber.HeaderContentType, "text/x.tlog.size")
		return c.Status(status).SendString(fmt.Sprintf("%d\n", size))
	case status != 0:
		return c.SendStatus(status)
	}
	c.Set(fiber.HeaderContentType, fiber.MIMETextPlainCharsetUTF8)
	return c.SendString(line + "\n")
}

func statusOf(err error) int {
	for _, r := range refusals {
		if errors.Is(err, r.err) {
			return r.status
		}
	}
	return 0
}

// parseSubmission reads `old 17`, hashes in base64 a line each, an empty line, and the checkpoint.
func parseSubmission(body string) (old int64, path []tlog.Hash, signed string, err error) {
	head, signed, ok := strings.Cut(body, "\n\n")
	lines := strings.Split(head, "\n")
	said, isOld := strings.CutPrefix(lines[0], "old ")
	old, err = strconv.ParseInt(said, 10, 64)
	if !ok || !isOld || err != nil || old < 0 || strconv.FormatInt(old, 10) != said || len(lines)-1 > proofLinesMax {
		return 0, nil, "", transparency.ErrMalformed
	}
	for _, line := range lines[1:] {
		hash, err := tlog.ParseHash(line)
		if err != nil {
			return 0, nil, "", transparency.ErrMalformed
		}
		path = append(path, hash)
	}
	return old, path, signed, nil
}

// WitnessKey is the public key of the community as a witness of others.
func (e *Endpoints) WitnessKey(c *fiber.Ctx) error {
	as, err := e.Witness(page.Of(c).Community.Slug)
	if err != nil {
		return err
	}
	c.Set(fiber.HeaderContentType, fiber.MIMETextPlainCharsetUTF8)
	return c.SendString(as.Cosignatory().Public() + "\n")
}

// AddCosignatures takes a checkpoint of ours with countersignatures under it, from anybody: what counts is whose they are.
func (e *Endpoints) AddCosignatures(c *fiber.Ctx) error {
	err := ledger.InTx(c.UserContext(), e.DB, func(tx *sqlx.Tx) error {
		_, err := transparency.KeepCosignatures(c.UserContext(), tx, page.Of(c).Community.ID, string(c.Body()))
		return err
	})
	switch {
	case errors.Is(err, transparency.ErrUnknownCheckpoint):
		return c.SendStatus(fiber.StatusNotFound)
	case errors.Is(err, transparency.ErrNoCosignature):
		return c.SendStatus(fiber.StatusForbidden)
	case errors.Is(err, transparency.ErrMalformed):
		return c.SendStatus(fiber.StatusBadRequest)
	case err != nil:
		return err
	}
	return c.SendStatus(fiber.StatusNoContent)
}
