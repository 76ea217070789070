select "a\"b", 'c\'d' /*! e */ # f
, @g, _utf8'h' from i straight_join j on duplicate key update k = values(k)