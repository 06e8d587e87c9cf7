//go:build !linux

package pgtest

func memoryHasRoom() bool { return false }
