package api_test

import (
	"context"
	"io"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/gofiber/fiber/v2"

	"fund/campaigns/payment"
	"fund/web/api"
)

// quiet is a provider whose notification says that nothing is paid yet.
type quiet struct{ payment.Cash }

func (quiet) ParseEvent(context.Context, payment.Notification) (payment.Event, error) {
	return payment.Event{State: payment.Pending}, nil
}

// wordy wants to read a word.
type wordy struct{ quiet }

func (wordy) Name() string   { return "wordy" }
func (wordy) Answer() string { return "success" }

// A notification that is taken is answered as its provider wants it, one that is not never is.
func TestNotifyAnswersAsTheProviderWants(t *testing.T) {
	t.Parallel()
	providers, err := payment.NewProviders(quiet{}, wordy{}, refusing{})
	if err != nil {
		t.Fatal(err)
	}
	app := fiber.New()
	machines := &api.Endpoints{Providers: providers, Now: time.Now}
	app.Post("/pay/:provider/notify", machines.Notify)
	for name, want := range map[string]struct {
		status int
		body   string
	}{"cash": {204, ""}, "wordy": {200, "success"}} {
		answer, err := app.Test(httptest.NewRequest(fiber.MethodPost, "/pay/"+name+"/notify", nil))
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(answer.Body)
		answer.Body.Close()
		if err != nil || answer.StatusCode != want.status || string(body) != want.body {
			t.Errorf("%s: %d %q, %v", name, answer.StatusCode, body, err)
		}
	}
	answer, err := app.Test(httptest.NewRequest(fiber.MethodPost, "/pay/refusing/notify", nil))
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	if body, err := io.ReadAll(answer.Body); err != nil || answer.StatusCode < 400 || string(body) == "success" {
		t.Errorf("a forgery: %d %q, %v", answer.StatusCode, body, err)
	}
}

// refusing is a wordy provider that was sent a forgery.
type refusing struct{ wordy }

func (refusing) Name() string { return "refusing" }

func (refusing) ParseEvent(context.Context, payment.Notification) (payment.Event, error) {
	return payment.Event{}, payment.ErrSignature
}
