package public

import "sync"

// drawings keeps the newest drawings of one kind. Drawing costs a processor, so one is drawn at a time.
type drawings[K comparable] struct {
	mu    sync.Mutex
	kept  map[K][]byte
	order []K
}

// get is the kept drawing of a key, or the one that draw makes; as many as most are kept.
func (d *drawings[K]) get(key K, most int, draw func() ([]byte, error)) ([]byte, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if drawn, ok := d.kept[key]; ok {
		return drawn, nil
	}
	drawn, err := draw()
	if err != nil {
		return nil, err
	}
	if d.kept == nil {
		d.kept = map[K][]byte{}
	}
	d.kept[key], d.order = drawn, append(d.order, key)
	if len(d.order) > most {
		delete(d.kept, d.order[0])
		d.order = d.order[1:]
	}
	return drawn, nil
}
