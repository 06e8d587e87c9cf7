package pgtest

import "syscall"

const roomMin = 2 << 30 // bytes: the servers of a run side by side, and their tests' databases

// memoryHasRoom says whether /dev/shm is there and big enough: in a container
// it often has 64 MB.
func memoryHasRoom() bool {
	var fs syscall.Statfs_t
	return syscall.Statfs("/dev/shm", &fs) == nil && fs.Bavail*uint64(fs.Bsize) >= roomMin
}
