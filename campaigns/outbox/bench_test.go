package outbox_test

import (
	"testing"

	"fund/campaigns/outbox"
	"fund/migrations/pgtest"
)

func BenchmarkEnqueue256(b *testing.B) {
	db := pgtest.DB(b).App
	for b.Loop() {
		b.StopTimer()
		messages := make([]outbox.Message, 256)
		for i := range messages {
			messages[i] = message(b, "receipt.mail")
		}
		b.StartTimer()
		enqueue(b, db, messages...)
	}
}
