select a.b, 'it''s', "n", `m`, [o] from s.t as x where id = {} and b in (1, 2, 3) -- c
