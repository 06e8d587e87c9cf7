package payment

import "context"

// Cash is money brought to the desk: the donor gets instructions, the cashier enters what was handed over, and nobody sends
// notifications.
type Cash struct{}

// Name is "cash".
func (Cash) Name() string { return "cash" }

// Checkout tells the donor to come to the desk.
func (Cash) Checkout(context.Context, Order) (Checkout, error) {
	return Checkout{Kind: Instructions}, nil
}

// ParseEvent is always ErrSignature: nobody can sign for the desk.
func (Cash) ParseEvent(context.Context, Notification) (Event, error) { return Event{}, ErrSignature }

// Query is always ErrByHand: only the cashier knows.
func (Cash) Query(context.Context, Order) (Event, error) { return Event{}, ErrByHand }

// Refund is always ErrByHand: the cashier hands the money back.
func (Cash) Refund(context.Context, RefundOrder) (RefundResult, error) {
	return RefundResult{}, ErrByHand
}
